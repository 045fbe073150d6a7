import { trace } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { SinkHealth } from "../events/index.ts";
import { INSTRUMENTATION_SCOPE } from "../semconv/index.ts";
import { type ListedStarter, type SpanStarter, startListed } from "../sinks/spans/index.ts";
import type { OtelConfig } from "./otel-config.ts";
import { hasGlobalTracerProvider } from "./otel-globals.ts";
import { createResource } from "./otel-resource.ts";
import { createOwnTracer } from "./own-spans/index.ts";
import { startDestinations } from "./span-destinations.ts";

/** The OTel side of the package: where spans are recorded and leave. */
export interface OtelRuntime {
  readonly tracer: ListedStarter;
  /** The process, as spans and metrics name it. */
  readonly resource: Resource;
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
 * Starts a provider of our own, with one span processor for each configured destination.
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
  const resource = createResource(config);
  const own = createOwnTracer({ resource, processors: destinations.processors, version });
  let closing: Promise<void> | undefined;

  /** Asked for every span: an application's provider may come at any time. */
  function tracer(): SpanStarter {
    if (!hasGlobalTracerProvider()) return own;
    destinations.bypassed();
    return trace.getTracer(INSTRUMENTATION_SCOPE, version);
  }

  return {
    tracer: { startListed: (name, start, inside) => startListed(tracer(), name, start, inside) },
    resource,
    forceFlush: (deadlineMs) => destinations.forceFlush(deadlineMs),
    shutdown: (deadlineMs) => (closing ??= destinations.shutdown(deadlineMs)),
    health: () => destinations.health(),
    probe: () => destinations.probe(),
  };
}
