import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { INSTRUMENTATION_SCOPE } from "../../semconv/index.ts";

/** What the filter reads of a span; a span that has just started has it too. */
export type FilterableSpan = Pick<ReadableSpan, "attributes" | "instrumentationScope">;

/** True for spans of this package and for any span that speaks the GenAI conventions. */
export function isLlmSpan(span: FilterableSpan): boolean {
  if (span.instrumentationScope.name === INSTRUMENTATION_SCOPE) return true;
  for (const name in span.attributes) {
    if (name.startsWith("gen_ai.")) return true;
  }
  return false;
}
