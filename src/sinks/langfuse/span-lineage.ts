import { type Context, type SpanContext, trace } from "@opentelemetry/api";
import { type FilterableSpan, isLlmSpan } from "./is-llm-span.ts";
import { isSampled } from "./is-sampled.ts";

/** Where a span hangs in the tree that Langfuse gets, which lacks the spans that are not about LLMs. */
export interface Position {
  /** Nearest ancestor that Langfuse gets, or a remote parent; undefined for a root. */
  readonly parent: SpanContext | undefined;
  /** First span of this process in Langfuse's tree: it names the trace. */
  readonly isAppRoot: boolean;
}

/** Remembers, for each span under way, the ancestor that Langfuse will know. Holds no span alive. */
export interface SpanLineage {
  /** To be called from a span processor's `onStart`. */
  onStart(span: object, parentContext: Context): void;
  /** Undefined for a span that was not seen to start. */
  positionOf(span: object): Position | undefined;
}

const ROOT: Position = { parent: undefined, isAppRoot: true };

export function createSpanLineage(): SpanLineage {
  const positions = new WeakMap<object, Position>();

  function position(parentContext: Context): Position {
    const parent = trace.getSpan(parentContext);
    if (!parent) return ROOT;
    const parentSpanContext = parent.spanContext();
    // what the caller's service sends to Langfuse can't be known: keep the link, and name the trace
    if (parentSpanContext.isRemote) return { parent: parentSpanContext, isAppRoot: true };
    if (isSampled(parentSpanContext) && isFilterable(parent) && isLlmSpan(parent)) {
      return { parent: parentSpanContext, isAppRoot: false };
    }
    return positions.get(parent) ?? ROOT;
  }

  return {
    onStart: (span, parentContext) => void positions.set(span, position(parentContext)),
    positionOf: (span) => positions.get(span),
  };
}

/** A span of an SDK shows its attributes; one that only carries ids, such as an unsampled one, does not. */
function isFilterable(span: object): span is FilterableSpan {
  return "attributes" in span && "instrumentationScope" in span;
}
