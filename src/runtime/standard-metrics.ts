import type { Resource } from "@opentelemetry/resources";
import { type Diagnostics, loadLater } from "../diagnostics/index.ts";
import type { Sink } from "../events/index.ts";
import type { SemconvProfile } from "../semconv/index.ts";
import { createGenAiMetricsSink } from "../sinks/gen-ai-metrics/index.ts";
import { CellMeter } from "./cell-meter.ts";

export interface StandardMetricsOptions {
  readonly resource: Resource;
  readonly maxLabelValues?: number;
  /** Default: `v1.41`. */
  readonly profile?: SemconvProfile;
  readonly diagnostics: Diagnostics;
}

/** The metrics of the GenAI conventions: the sink that records them, and their part of the page. */
export interface StandardMetrics {
  readonly sink: Sink;
  /** Counts the label values that became `other`. */
  readonly limiter: { readonly overflowed: number };
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

/** Each set of attributes is some 17 lines of `/metrics`; the labels are bounded one by one, this bounds their product. */
const CARDINALITY_LIMIT = 300;

/** Instruments of our own; OTel's serializer is loaded for the first page. Nothing is registered globally. */
export function createStandardMetrics(options: StandardMetricsOptions): StandardMetrics {
  const { resource, maxLabelValues, profile, diagnostics } = options;
  const meter = new CellMeter({ resource, cardinalityLimit: CARDINALITY_LIMIT });
  const sink = createGenAiMetricsSink(meter, maxLabelValues, profile);
  const writer = loadLater(
    "metrics",
    async () => new (await import("./otel-metrics.ts")).MetricsText(),
    diagnostics,
  );
  return {
    sink,
    limiter: sink.limiter,
    text: async () => (await writer()).of(meter),
  };
}
