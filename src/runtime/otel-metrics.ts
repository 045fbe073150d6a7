import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { AggregationTemporality, DataPointType } from "@opentelemetry/sdk-metrics";
import type { CellMeter } from "./cell-meter.ts";

const NO_PREFIX = undefined;
const NO_TIMESTAMPS = false;
const NO_RESOURCE_LABELS = undefined;
const WITHOUT_TARGET_INFO = false;
const WITHOUT_SCOPE_INFO = true;

/** Everything that was recorded, in Prometheus' text format, by OTel's own serializer. */
export function metricsText(meter: CellMeter): string {
  const serializer = new PrometheusSerializer(
    NO_PREFIX,
    NO_TIMESTAMPS,
    NO_RESOURCE_LABELS,
    WITHOUT_TARGET_INFO,
    WITHOUT_SCOPE_INFO,
  );
  return serializer.serialize(meter.collect({ AggregationTemporality, DataPointType }));
}
