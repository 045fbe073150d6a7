import type { Meter } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import type { Resource } from "@opentelemetry/resources";
import { MeterProvider, type ViewOptions } from "@opentelemetry/sdk-metrics";
import { INSTRUMENTATION_SCOPE } from "../semconv/index.ts";

/** OTel's metrics SDK with a pull reader; it serves nothing by itself. */
export interface OtelMetrics {
  readonly meter: Meter;
  /** Everything that was recorded, in Prometheus' text format. */
  text(): Promise<string>;
  shutdown(): Promise<void>;
}

/** Each set of attributes is some 17 lines of `/metrics`; the labels are bounded one by one, this bounds their product. */
const BOUNDED: ViewOptions[] = [{ instrumentName: "gen_ai.*", aggregationCardinalityLimit: 300 }];

const NO_PREFIX = undefined;
const NO_TIMESTAMPS = false;
const NO_RESOURCE_LABELS = undefined;
const WITHOUT_TARGET_INFO = false;
const WITHOUT_SCOPE_INFO = true;

/** A meter provider of our own; nothing is registered globally. */
export function startOtelMetrics(resource: Resource, version?: string): OtelMetrics {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ resource, readers: [reader], views: BOUNDED });
  const serializer = new PrometheusSerializer(
    NO_PREFIX,
    NO_TIMESTAMPS,
    NO_RESOURCE_LABELS,
    WITHOUT_TARGET_INFO,
    WITHOUT_SCOPE_INFO,
  );
  return {
    meter: provider.getMeter(INSTRUMENTATION_SCOPE, version),
    async text() {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(resourceMetrics);
    },
    shutdown: () => provider.shutdown().catch(() => {}),
  };
}
