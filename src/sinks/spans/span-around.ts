import { type Span, SpanKind } from "@opentelemetry/api";
import type {
  Around,
  CallContent,
  Enclosure,
  LlmCallData,
  TerminalEvent,
} from "../../events/index.ts";
import { type SemconvProfile, semconvProfiles } from "../../semconv/index.ts";
import { contentAttributes } from "./content-attributes.ts";
import { EnclosingSpan, startSpan } from "./enclosing-span.ts";
import { createGuard, type Guard, type SpanDiagnostics } from "./guard.ts";
import { requestAttributes } from "./request-attributes.ts";
import { responseAttributes } from "./response-attributes.ts";
import { SelfTracedEnclosure, takeSelfTracedSpan } from "./self-traced-span.ts";
import type { SpanStart, SpanStarter } from "./span-starter.ts";
import { toHrTime } from "./span-time.ts";

/** What a call gets when nothing is traced. Shared: it knows nothing of the call. */
const NOTHING: Enclosure = { run: (fn) => fn(), close: () => {} };

/**
 * Encloses each call in a CLIENT span `{operation} {model}`, active while the call runs. A call that its SDK traces
 * itself keeps that span alone, which gets the attributes.
 * A tracer, span or context manager that throws never reaches the call; it is counted as handler `spans`.
 */
export function createSpanAround(
  tracer: SpanStarter,
  diagnostics?: SpanDiagnostics,
  profile: SemconvProfile = semconvProfiles["v1.41"],
): Around {
  const guard = createGuard(diagnostics);
  const taken = new WeakSet<Span>();
  return {
    open(call, startTimeMs, correlationId, parent) {
      const selfTraced = guard(() => takeSelfTracedSpan(call, taken));
      if (selfTraced) {
        const request = requestAttributes(call, correlationId);
        return new SelfTracedEnclosure(selfTraced, request, guard, profile);
      }
      const span = guard(() => {
        const options = spanOptions(call, startTimeMs, correlationId);
        return startSpan(tracer, `${call.operation} ${call.model}`, options, parent);
      });
      return span ? new CallSpan(span, startTimeMs, guard, profile) : NOTHING;
    },
  };
}

function spanOptions(call: LlmCallData, startTimeMs: number, correlationId: string): SpanStart {
  return {
    kind: SpanKind.CLIENT,
    startTime: toHrTime(startTimeMs),
    attributes: requestAttributes(call, correlationId),
  };
}

class CallSpan extends EnclosingSpan implements Enclosure {
  readonly #startTimeMs: number;
  readonly #profile: SemconvProfile;

  constructor(span: Span, startTimeMs: number, guard: Guard, profile: SemconvProfile) {
    super(span, guard);
    this.#profile = profile;
    this.#startTimeMs = startTimeMs;
  }

  close({ data }: TerminalEvent, content?: CallContent): void {
    // aborted and abandoned are the caller's own doing, no error of the operation
    const failed = data.outcome === "error" || data.outcome === "truncated";
    this.end({
      endTimeMs: this.#startTimeMs + data.durationMs,
      attributes: () => {
        const attributes = responseAttributes(data, this.#profile);
        if (content) attributes.push(...contentAttributes(content));
        return attributes;
      },
      ...(failed && { errorType: data.errorType }),
    });
  }
}
