import { type Meter, metrics, trace, type Tracer } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import type { Resource } from "@opentelemetry/resources";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { NoopSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { SinkHealth } from "../events/index.ts";
import { INSTRUMENTATION_SCOPE } from "../semconv/index.ts";
import type { OtelConfig } from "./otel-config.ts";
import { hasGlobalMeterProvider, hasGlobalTracerProvider } from "./otel-globals.ts";
import { createResource } from "./otel-resource.ts";
import { type Destinations, startDestinations } from "./span-destinations.ts";

/** The OTel side of the package: where spans and standard metrics are recorded and leave. */
export interface OtelRuntime {
  readonly tracer: Tracer;
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

/**
 * Starts the OTel SDK with one span processor for each configured destination and a pull reader for metrics.
 *
 * When the application has registered a tracer provider of its own, that one is used as it is, and nothing is attached
 * to it: add `langfuseSpanProcessor()` to it to have LLM spans in Langfuse. Metrics then have a provider of their own.
 */
export function startOtel(
  config: OtelConfig,
  diagnostics: Diagnostics,
  version?: string,
): OtelRuntime {
  const ownsTracing = !hasGlobalTracerProvider();
  const destinations = startDestinations(config, diagnostics, ownsTracing);
  const prometheusReader = new PrometheusExporter({ preventServerStart: true });
  const resource = createResource(config);
  const sdk = ownsTracing ? startSdk(resource, destinations, prometheusReader) : undefined;
  const meterProvider = sdk?.hasMetrics
    ? metrics
    : new MeterProvider({ resource, readers: [prometheusReader] });
  let closing: Promise<void> | undefined;

  async function close(deadlineMs: number): Promise<void> {
    await destinations.shutdown(deadlineMs);
    await sdk?.shutdown();
    if (meterProvider instanceof MeterProvider) await meterProvider.shutdown().catch(() => {});
  }

  return {
    tracer: trace.getTracer(INSTRUMENTATION_SCOPE, version),
    meter: meterProvider.getMeter(INSTRUMENTATION_SCOPE, version),
    prometheusReader,
    forceFlush: (deadlineMs) => destinations.forceFlush(deadlineMs),
    shutdown: (deadlineMs) => (closing ??= close(deadlineMs)),
    health: () => destinations.health(),
    probe: () => destinations.probe(),
  };
}

interface StartedSdk {
  /** False when the reader found no place in it: another meter provider was there before. */
  readonly hasMetrics: boolean;
  shutdown(): Promise<void>;
}

function startSdk(
  resource: Resource,
  { processors }: Destinations,
  reader: PrometheusExporter,
): StartedSdk {
  const canHaveMetrics = !hasGlobalMeterProvider();
  const sdk = new NodeSDK({
    resource,
    autoDetectResources: false,
    // without a processor the SDK registers no tracer provider, and events, logs and exemplars would have no ids
    spanProcessors: processors.length > 0 ? [...processors] : [new NoopSpanProcessor()],
    metricReaders: canHaveMetrics ? [reader] : [],
    // left out, this would start an OTLP log exporter of the SDK's own choice
    logRecordProcessors: [],
    instrumentations: [],
  });
  const loggerProvider = logs.getLoggerProvider();
  sdk.start();
  // the SDK has registered a logger provider without processors, in the place of one that may still come
  if (logs.getLoggerProvider() !== loggerProvider) logs.disable();
  // with OTEL_SDK_DISABLED nothing has been registered
  const hasTracing = hasGlobalTracerProvider();
  const hasMetrics = canHaveMetrics && hasGlobalMeterProvider();
  return {
    hasMetrics,
    async shutdown() {
      await sdk.shutdown().catch(() => {});
      // so that a later start in this process doesn't find closed providers
      if (hasTracing) trace.disable();
      if (hasMetrics) metrics.disable();
    },
  };
}
