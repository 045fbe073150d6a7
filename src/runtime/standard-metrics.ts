import type { Resource } from "@opentelemetry/resources";
import { type Diagnostics, loadLater } from "../diagnostics/index.ts";
import type { Event, Sink } from "../events/index.ts";
import type { SemconvProfile } from "../semconv/index.ts";
import {
  createGenAiMetricsSink,
  genAiMetricsSubscription,
  type GenAiMetricsSink,
} from "../sinks/gen-ai-metrics/index.ts";

export interface StandardMetricsOptions {
  readonly resource: Resource;
  readonly version?: string;
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
  /** In Prometheus' text format; empty before the first call. */
  text(): Promise<string>;
}

/** What may come while the metrics SDK is being loaded. */
const MAX_WAITING_EVENTS = 1_000;

/** Loads OTel's metrics SDK for the first event; what comes meanwhile waits, so that nothing is lost and nobody waits. */
export function createStandardMetrics(options: StandardMetricsOptions): StandardMetrics {
  const { resource, version, maxLabelValues, profile, diagnostics } = options;
  const { name } = genAiMetricsSubscription;
  const waiting: Event[] = [];
  let sink: GenAiMetricsSink | undefined;
  let asked = false;

  async function start() {
    const { startOtelMetrics } = await import("./otel-metrics.ts");
    const metrics = startOtelMetrics(resource, version);
    sink = createGenAiMetricsSink(metrics.meter, maxLabelValues, profile);
    for (const event of waiting.splice(0)) sink.handle(event);
    return metrics;
  }
  const metrics = loadLater(name, start, diagnostics);

  function wait(event: Event): void {
    if (waiting.length >= MAX_WAITING_EVENTS) return diagnostics.dropped(name, "queue_full", 1);
    waiting.push(event);
    asked = true;
    void metrics().catch(lose);
  }

  function lose(): void {
    const count = waiting.splice(0).length;
    if (count > 0) diagnostics.dropped(name, "not_loaded", count);
  }

  return {
    sink: {
      ...genAiMetricsSubscription,
      handle: (event) => (sink === undefined ? wait(event) : sink.handle(event)),
    },
    limiter: {
      get overflowed() {
        return sink?.limiter.overflowed ?? 0;
      },
    },
    text: async () => (asked ? (await metrics()).text() : ""),
  };
}
