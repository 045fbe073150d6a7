export {
  createMetricsSink,
  type MetricsSink,
  type MetricsSinkOptions,
} from "./create-metrics-sink.ts";
export type { Exposition } from "./exposition.ts";
export { createExpositionLater } from "./exposition-later.ts";
export type { MetricFamily } from "./metric-family.ts";
export type { MetricSource, Sample } from "./metrics-text.ts";
export { selfSources } from "./self-sources.ts";
