import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import type { Resource } from "@opentelemetry/resources";
import { CellMeter, type InstrumentMaker } from "./cell-meter.ts";

/** OTel's instruments, and their page by OTel's own serializer. */
export interface OtelMetrics {
  readonly meter: InstrumentMaker;
  /** Everything that was recorded, in Prometheus' text format. */
  text(): string;
}

/** Each set of attributes is some 17 lines of `/metrics`; the labels are bounded one by one, this bounds their product. */
const CARDINALITY_LIMIT = 300;

const NO_PREFIX = undefined;
const NO_TIMESTAMPS = false;
const NO_RESOURCE_LABELS = undefined;
const WITHOUT_TARGET_INFO = false;
const WITHOUT_SCOPE_INFO = true;

/** Instruments of our own; nothing is registered globally. */
export function startOtelMetrics(resource: Resource, version?: string): OtelMetrics {
  const meter = new CellMeter({ resource, version, cardinalityLimit: CARDINALITY_LIMIT });
  const serializer = new PrometheusSerializer(
    NO_PREFIX,
    NO_TIMESTAMPS,
    NO_RESOURCE_LABELS,
    WITHOUT_TARGET_INFO,
    WITHOUT_SCOPE_INFO,
  );
  return {
    meter,
    text: () => serializer.serialize(meter.collect()),
  };
}
