export { type AttributeList, asAttributes, setAttribute } from "./attribute-list.ts";
export { genAiActivityMetrics } from "./gen-ai-activity-metrics.ts";
export { attribute, INSTRUMENTATION_SCOPE } from "./gen-ai-attributes.ts";
export {
  CHUNK_GAP_BOUNDS,
  genAiMainCounters,
  genAiMainMetrics,
  genAiMetrics,
  type OtelCounterDefinition,
  type OtelHistogramDefinition,
  prometheusName,
} from "./gen-ai-metrics.ts";
export type { MetricDefinition } from "./metric-definition.ts";
export {
  contractMetrics,
  OVERFLOW_LABEL_VALUE,
  productMetrics,
  type ProductMetric,
} from "./product-metrics.ts";
export {
  type OperationKind,
  type SemconvProfile,
  semconvProfiles,
  type SemconvVersion,
  semconvVersions,
  type TokenCounter,
  type TokenHistogram,
} from "./semconv-profile.ts";
export { type RedactionPattern, redactionPatterns } from "./redaction-patterns.ts";
