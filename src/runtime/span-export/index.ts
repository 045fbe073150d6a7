export {
  type BoundedBatchOptions,
  type BoundedBatchProcessor,
  boundedBatchProcessor,
} from "./bounded-batch-processor.ts";
export { countedExporter, type CountedExporter, type Destination } from "./counted-exporter.ts";
export { createLangfuseHealth } from "./langfuse-health.ts";
export {
  createLangfuseSpanProcessor,
  type LangfuseProcessorOptions,
} from "./langfuse-span-processor.ts";
export {
  createOtlpSpanProcessor,
  type OtlpProcessorOptions,
  otlpTracesUrl,
} from "./otlp-span-processor.ts";
