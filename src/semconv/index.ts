export { attribute, INSTRUMENTATION_SCOPE } from "./gen-ai-attributes.ts";
export { genAiMetrics, prometheusName, type OtelHistogramDefinition } from "./gen-ai-metrics.ts";
export type { MetricDefinition } from "./metric-definition.ts";
export {
  contractMetrics,
  OVERFLOW_LABEL_VALUE,
  productMetrics,
  type ProductMetric,
} from "./product-metrics.ts";
export { type RedactionPattern, redactionPatterns } from "./redaction-patterns.ts";
