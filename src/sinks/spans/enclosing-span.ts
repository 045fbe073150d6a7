import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { type AttributeList, attribute } from "../../semconv/index.ts";
import type { Guard } from "./guard.ts";
import { runActive } from "./run-active.ts";
import { addListed, type SpanStart, type SpanStarter, startListed } from "./span-starter.ts";
import { toHrTime } from "./span-time.ts";

/** Undefined when no SDK is registered: there is nothing to record and nothing to hand on. */
export function startSpan(
  starter: SpanStarter,
  name: string,
  start: SpanStart,
  parent: object | undefined,
): Span | undefined {
  const span = startListed(starter, name, start, contextInside(parent));
  return span.isRecording() || isSpanContextValid(span.spanContext()) ? span : undefined;
}

/** The active context. Where nobody manages contexts there is none: then that of the enclosing activity's span. */
function contextInside(parent: object | undefined): Context {
  const active = context.active();
  const lost = active === ROOT_CONTEXT && parent instanceof EnclosingSpan;
  return lost ? parent.contextIn(active) : active;
}

/** How a span ends. */
export interface SpanEnd {
  readonly endTimeMs: number;
  readonly attributes: () => AttributeList;
  /** Missing: no error. */
  readonly errorType?: string | undefined;
}

/** A span that is active around what runs in it. No step into the tracing back end can throw. */
export class EnclosingSpan {
  declare readonly traceId?: string;
  declare readonly spanId?: string;
  readonly #span: Span;
  readonly #guard: Guard;
  #ended = false;

  constructor(span: Span, guard: Guard) {
    this.#span = span;
    this.#guard = guard;
    const spanContext = guard(() => span.spanContext());
    // ids of a span that is not sampled would link to nothing
    if (!spanContext || (spanContext.traceFlags & TraceFlags.SAMPLED) === 0) return;
    this.traceId = spanContext.traceId;
    this.spanId = spanContext.spanId;
  }

  contextIn(outer: Context): Context {
    return trace.setSpan(outer, this.#span);
  }

  run<T>(fn: () => T): T {
    const active = this.#guard(() => this.contextIn(context.active()));
    return active ? runActive(active, fn, this.#guard) : fn();
  }

  /** Once; later ends change nothing. */
  protected end({ endTimeMs, attributes, errorType }: SpanEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    // each step by itself: a span that refuses its attributes must still end
    if (this.#guard(() => this.#span.isRecording())) {
      this.#guard(() => addListed(this.#span, attributes()));
      if (errorType !== undefined) this.#guard(() => this.#markFailure(errorType));
    }
    this.#guard(() => this.#span.end(toHrTime(endTimeMs)));
  }

  #markFailure(errorType: string): void {
    addListed(this.#span, [attribute.errorType, errorType]);
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: errorType });
  }
}
