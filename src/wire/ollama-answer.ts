import type { Usage } from "../events/index.ts";
import { asArray, asCount, asObject, definedOnly, type JsonObject } from "./json-fields.ts";

/** Counts of a whole answer, or of the last line of a streamed one. A prompt that was cached may have none. */
export function readOllamaUsage(fields: JsonObject): Usage | undefined {
  const usage = definedOnly({
    inputTokens: asCount(fields["prompt_eval_count"]),
    outputTokens: asCount(fields["eval_count"]),
  });
  return Object.keys(usage).length === 0 ? undefined : usage;
}

export function ollamaToolCalls(fields: JsonObject): number {
  return asArray(asObject(fields["message"])?.["tool_calls"]).length;
}

/** Ollama's errors are messages, even where they are of one word. */
export function ollamaErrorType(fields: JsonObject): string | undefined {
  return fields["error"] ? "_OTHER" : undefined;
}
