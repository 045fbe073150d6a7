export { environmentName } from "./environment-name.ts";
export { isLlmSpan } from "./is-llm-span.ts";
export {
  type LangfuseCredentials,
  type LangfuseEndpoint,
  langfuseEndpoint,
} from "./langfuse-endpoint.ts";
export { createLangfuseExporter, type LangfuseExporterOptions } from "./langfuse-exporter.ts";
export { createLangfuseScores, type LangfuseScoresOptions } from "./langfuse-scores.ts";
export { type ProbeOptions, probeLangfuse } from "./probe.ts";
export type { LangfuseScore, LangfuseScores } from "./scores.ts";
export { createSpanLineage, type SpanLineage } from "./span-lineage.ts";
export { type LangfuseTraceInfo, toLangfuseSpan } from "./to-langfuse-span.ts";
