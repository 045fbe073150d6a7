export {
  createMetricsSink,
  type MetricsSink,
  type MetricsSinkOptions,
} from "./create-metrics-sink.ts";
export { createExposition, type Exposition, type MetricSource } from "./exposition.ts";
export type { MetricFamily, Sample } from "./metric-family.ts";
export { selfSources } from "./self-sources.ts";
