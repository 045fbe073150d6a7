import {
  context,
  isSpanContextValid,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";
import type { Around, Enclosure, LlmCallData, TerminalEvent } from "../../events/index.ts";
import { attribute } from "../../semconv/index.ts";
import { createGuard, type Guard, type SpanDiagnostics } from "./guard.ts";
import { requestAttributes } from "./request-attributes.ts";
import { responseAttributes } from "./response-attributes.ts";
import { runActive } from "./run-active.ts";
import { SelfTracedEnclosure, takeSelfTracedSpan } from "./self-traced-span.ts";
import { toHrTime } from "./span-time.ts";

/** What a call gets when nothing is traced. Shared: it knows nothing of the call. */
const NOTHING: Enclosure = { run: (fn) => fn(), close: () => {} };

/** What is needed of a tracer; the SDK's, the API's, or one that chooses between tracers. */
export type SpanStarter = Pick<Tracer, "startSpan">;

/**
 * Encloses each call in a CLIENT span `{operation} {model}`, active while the call runs. A call that its SDK traces
 * itself keeps that span alone, which gets the attributes.
 * A tracer, span or context manager that throws never reaches the call; it is counted as handler `spans`.
 */
export function createSpanAround(tracer: SpanStarter, diagnostics?: SpanDiagnostics): Around {
  const guard = createGuard(diagnostics);
  const taken = new WeakSet<Span>();
  return {
    open(call, startTimeMs, correlationId) {
      const selfTraced = guard(() => takeSelfTracedSpan(call, taken));
      if (selfTraced) return new SelfTracedEnclosure(selfTraced, call, correlationId, guard);
      const span = guard(() => startSpan(tracer, call, startTimeMs, correlationId));
      return span ? new SpanEnclosure(span, startTimeMs, guard) : NOTHING;
    },
  };
}

/** Undefined when no SDK is registered: there is nothing to record and nothing to hand on. */
function startSpan(
  tracer: SpanStarter,
  call: LlmCallData,
  startTimeMs: number,
  correlationId: string,
): Span | undefined {
  const span = tracer.startSpan(`${call.operation} ${call.model}`, {
    kind: SpanKind.CLIENT,
    startTime: toHrTime(startTimeMs),
    attributes: requestAttributes(call, correlationId),
  });
  return span.isRecording() || isSpanContextValid(span.spanContext()) ? span : undefined;
}

class SpanEnclosure implements Enclosure {
  declare readonly traceId?: string;
  declare readonly spanId?: string;
  readonly #span: Span;
  readonly #startTimeMs: number;
  readonly #guard: Guard;
  #closed = false;

  constructor(span: Span, startTimeMs: number, guard: Guard) {
    this.#span = span;
    this.#startTimeMs = startTimeMs;
    this.#guard = guard;
    const spanContext = guard(() => span.spanContext());
    // ids of a span that is not sampled would link to nothing
    if (!spanContext || (spanContext.traceFlags & TraceFlags.SAMPLED) === 0) return;
    this.traceId = spanContext.traceId;
    this.spanId = spanContext.spanId;
  }

  run<T>(fn: () => T): T {
    const active = this.#guard(() => trace.setSpan(context.active(), this.#span));
    return active ? runActive(active, fn, this.#guard) : fn();
  }

  close(event: TerminalEvent): void {
    if (this.#closed) return;
    this.#closed = true;
    // each step by itself: a span that refuses its attributes must still end
    if (this.#guard(() => this.#span.isRecording())) {
      this.#guard(() => this.#span.setAttributes(responseAttributes(event.data)));
      this.#guard(() => this.#markFailure(event));
    }
    this.#guard(() => this.#span.end(toHrTime(this.#startTimeMs + event.data.durationMs)));
  }

  #markFailure({ data }: TerminalEvent): void {
    // aborted and abandoned are the caller's own doing, no error of the operation
    if (data.outcome !== "error" && data.outcome !== "truncated") return;
    this.#span.setAttribute(attribute.errorType, data.errorType);
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: data.errorType });
  }
}
