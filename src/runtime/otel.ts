import { type Meter, trace, type Tracer } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, type ViewOptions } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { SinkHealth } from "../events/index.ts";
import { INSTRUMENTATION_SCOPE } from "../semconv/index.ts";
import type { SpanStarter } from "../sinks/spans/index.ts";
import type { OtelConfig } from "./otel-config.ts";
import { hasGlobalTracerProvider } from "./otel-globals.ts";
import { createResource } from "./otel-resource.ts";
import { startDestinations } from "./span-destinations.ts";

/** The OTel side of the package: where spans and standard metrics are recorded and leave. */
export interface OtelRuntime {
  readonly tracer: SpanStarter;
  readonly meter: Meter;
  /** Collects the standard metrics for `/metrics`; serves nothing by itself. */
  readonly prometheusReader: PrometheusExporter;
  /** Sends what waits. Each destination has `deadlineMs`; never rejects. */
  forceFlush(deadlineMs: number): Promise<void>;
  /** Flushes and closes. What is not sent in time is counted. Idempotent; never rejects. */
  shutdown(deadlineMs: number): Promise<void>;
  /** What each destination said last. */
  health(): Readonly<Record<"otlp" | "langfuse", SinkHealth>>;
  /** Asks Langfuse itself while nothing has been exported yet; bounded by 2 s, never rejects. */
  probe(): Promise<void>;
}

/** Each set of attributes is some 17 lines of `/metrics`; the labels are bounded one by one, this bounds their product. */
const BOUNDED: ViewOptions[] = [{ instrumentName: "gen_ai.*", aggregationCardinalityLimit: 300 }];

/**
 * Starts providers of our own, with one span processor for each configured destination and a pull reader for metrics.
 * Nothing is registered globally: an application may set up OTel before us, after us, or never.
 *
 * While the application has a tracer provider, spans go to that one, and nothing is attached to it: add
 * `langfuseSpanProcessor()` to it to have LLM spans in Langfuse.
 */
export function startOtel(
  config: OtelConfig,
  diagnostics: Diagnostics,
  version?: string,
): OtelRuntime {
  const destinations = startDestinations(config, diagnostics);
  const prometheusReader = new PrometheusExporter({ preventServerStart: true });
  const resource = createResource(config);
  const spanProcessors = [...destinations.processors];
  const tracerProvider = new BasicTracerProvider({ resource, spanProcessors });
  const meterProvider = new MeterProvider({
    resource,
    readers: [prometheusReader],
    views: BOUNDED,
  });
  const ownTracer = tracerProvider.getTracer(INSTRUMENTATION_SCOPE, version);
  let closing: Promise<void> | undefined;

  /** Asked for every span: an application's provider may come at any time. */
  function tracer(): Tracer {
    if (!hasGlobalTracerProvider()) return ownTracer;
    destinations.bypassed();
    return trace.getTracer(INSTRUMENTATION_SCOPE, version);
  }

  async function close(deadlineMs: number): Promise<void> {
    await destinations.shutdown(deadlineMs);
    await meterProvider.shutdown().catch(() => {});
  }

  return {
    tracer: { startSpan: (...args) => tracer().startSpan(...args) },
    meter: meterProvider.getMeter(INSTRUMENTATION_SCOPE, version),
    prometheusReader,
    forceFlush: (deadlineMs) => destinations.forceFlush(deadlineMs),
    shutdown: (deadlineMs) => (closing ??= close(deadlineMs)),
    health: () => destinations.health(),
    probe: () => destinations.probe(),
  };
}
