import { type Span, trace, TraceFlags } from "@opentelemetry/api";
import type { CallContent, Enclosure, LlmCallData, TerminalEvent } from "../../events/index.ts";
import type { AttributeList, SemconvProfile } from "../../semconv/index.ts";
import { contentAttributes } from "./content-attributes.ts";
import type { Guard } from "./guard.ts";
import { responseAttributes } from "./response-attributes.ts";
import { addListed } from "./span-starter.ts";

/** SDKs that trace their own calls: the scope of their tracer, by the wire format of such a call. */
const SELF_TRACING_SCOPES: Readonly<Record<string, string>> = {
  "anthropic.messages": "com.anthropic.sdk.typescript",
};

/**
 * The span that an SDK has opened around this call: active, recording, of that SDK's own tracer. It gets our attributes
 * instead of a second span beside it. `taken` are the spans of other calls: one inside of such a call has its own.
 */
export function takeSelfTracedSpan(call: LlmCallData, taken: WeakSet<Span>): Span | undefined {
  const scope = SELF_TRACING_SCOPES[call.wireFormat];
  if (scope === undefined) return undefined;
  const span = trace.getActiveSpan();
  if (span === undefined || taken.has(span) || scopeOf(span) !== scope || !span.isRecording()) {
    return undefined;
  }
  taken.add(span);
  return span;
}

/** Spans of the SDK's own class show their scope, under either of its two names. */
function scopeOf(span: Span): unknown {
  const scope: unknown =
    Reflect.get(span, "instrumentationScope") ?? Reflect.get(span, "instrumentationLibrary");
  return typeof scope === "object" && scope !== null ? Reflect.get(scope, "name") : undefined;
}

/** Adds what we know to a span that somebody else names, marks and ends; once it has ended, it stays as it is. */
export class SelfTracedEnclosure implements Enclosure {
  declare readonly traceId?: string;
  declare readonly spanId?: string;
  readonly #span: Span;
  readonly #guard: Guard;
  readonly #profile: SemconvProfile;

  constructor(span: Span, request: AttributeList, guard: Guard, profile: SemconvProfile) {
    this.#span = span;
    this.#guard = guard;
    this.#profile = profile;
    guard(() => addListed(span, request));
    const spanContext = guard(() => span.spanContext());
    if (!spanContext || (spanContext.traceFlags & TraceFlags.SAMPLED) === 0) return;
    this.traceId = spanContext.traceId;
    this.spanId = spanContext.spanId;
  }

  /** It is active already. */
  run<T>(fn: () => T): T {
    return fn();
  }

  close(event: TerminalEvent, content?: CallContent): void {
    this.#guard(() => {
      if (!this.#span.isRecording()) return;
      addListed(this.#span, responseAttributes(event.data, this.#profile));
      if (content) addListed(this.#span, contentAttributes(content));
    });
  }
}
