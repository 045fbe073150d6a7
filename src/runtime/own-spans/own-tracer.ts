import {
  isSpanContextValid,
  type SpanContext,
  trace,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import { BasicTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { INSTRUMENTATION_SCOPE } from "../../semconv/index.ts";
import { type ListedStarter, startListed } from "../../sinks/spans/index.ts";
import { OwnSpan, type SpanOrigin } from "./own-span.ts";
import { SpanIds } from "./span-ids.ts";

export interface OwnTracerOptions {
  readonly resource: Resource;
  readonly processors: readonly SpanProcessor[];
  readonly version: string | undefined;
  readonly environment?: NodeJS.ProcessEnv;
}

/** OTel's settings by which the SDK leaves out spans, or parts of them. */
const SAMPLER = "OTEL_TRACES_SAMPLER";
const LIMITS = [
  "OTEL_ATTRIBUTE_COUNT_LIMIT",
  "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
  "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
  "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
];
/** Those that keep what has no parent, or a sampled one. */
const KEEPING_SAMPLERS: ReadonlySet<string> = new Set(["", "always_on", "parentbased_always_on"]);

/**
 * Spans of our own where nothing has to be decided about them; the SDK's where a sampler or limits are configured, or a
 * parent is not sampled. Those of the SDK cost half as much as all the rest of an observed call.
 */
export function createOwnTracer(options: OwnTracerOptions): ListedStarter {
  const { resource, processors, version, environment = process.env } = options;
  const ids = new SpanIds();
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [...processors],
    idGenerator: ids,
  });
  const sdk = provider.getTracer(INSTRUMENTATION_SCOPE, version);
  const origin = createOrigin(options, sdk, ids);
  const isPlain = decidesNothing(environment);

  return {
    startListed(name, start, parentContext) {
      const parent = trace.getSpan(parentContext)?.spanContext();
      const isChild = parent !== undefined && isSpanContextValid(parent);
      if (!isPlain || (isChild && !isSampled(parent)) || isTracingSuppressed(parentContext)) {
        return startListed(sdk, name, start, parentContext);
      }
      const spanContext: SpanContext = {
        traceId: isChild ? parent.traceId : ids.generateTraceId(),
        spanId: ids.generateSpanId(),
        traceFlags: TraceFlags.SAMPLED,
      };
      if (isChild && parent.traceState) spanContext.traceState = parent.traceState;
      const parentSpanContext = isChild ? parent : undefined;
      const place = { spanContext, parentSpanContext, parentContext };
      const span = new OwnSpan(name, start, place, origin);
      for (const processor of processors) processor.onStart(span, parentContext);
      return span;
    },
  };
}

function createOrigin(
  { resource, processors, version }: OwnTracerOptions,
  sdk: Tracer,
  ids: SpanIds,
): SpanOrigin {
  return {
    resource,
    instrumentationScope: { name: INSTRUMENTATION_SCOPE, ...(version && { version }) },
    expand(span) {
      const { name, kind, startTime, attributeList: attributes, status } = span;
      const start = { kind, startTime, attributes };
      const expanded = ids.reuse(span.spanContext(), () =>
        startListed(sdk, name, start, span.parentContext),
      );
      return expanded.setStatus(status);
    },
    ended(span) {
      for (const processor of processors) processor.onEnd(span);
    },
  };
}

function decidesNothing(environment: NodeJS.ProcessEnv): boolean {
  const sampler = environment[SAMPLER]?.trim().toLowerCase() ?? "";
  return KEEPING_SAMPLERS.has(sampler) && LIMITS.every((name) => !environment[name]);
}

function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}
