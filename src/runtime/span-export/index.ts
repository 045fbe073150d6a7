export type { BoundedBatchProcessor } from "./bounded-batch-processor.ts";
export { createLangfuseHealth } from "./langfuse-health.ts";
export { createLangfuseSpanProcessor } from "./langfuse-span-processor.ts";
export { createOtlpSpanProcessor, otlpTracesUrl } from "./otlp-span-processor.ts";
