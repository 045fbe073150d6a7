export { environmentName } from "./environment-name.ts";
export { isLlmSpan } from "./is-llm-span.ts";
export { type LangfuseCredentials, langfuseEndpoint } from "./langfuse-endpoint.ts";
export { createLangfuseExporter, type LangfuseExporterOptions } from "./langfuse-exporter.ts";
export { createLangfuseScores, type LangfuseScoresOptions } from "./langfuse-scores.ts";
export { probeLangfuse } from "./probe.ts";
export type { LangfuseScore, LangfuseScores } from "./scores.ts";
export { createSpanLineage } from "./span-lineage.ts";
