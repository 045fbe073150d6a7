export {
  createMetricsSink,
  type MetricsSink,
  type MetricsSinkOptions,
} from "./create-metrics-sink.ts";
export type { Exposition, MetricSource } from "./exposition.ts";
export { createExpositionLater } from "./exposition-later.ts";
export type { MetricFamily, Sample } from "./metric-family.ts";
export { selfSources } from "./self-sources.ts";
