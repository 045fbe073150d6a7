import type { Usage } from "../events/index.ts";
import { asCount, asObject, definedOnly, type JsonObject } from "./json-fields.ts";

/**
 * Usage of a message. Anthropic's `input_tokens` leaves out what was read from or written to the cache, ours contains
 * both.
 */
export function readAnthropicUsage(value: unknown): Usage | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const details = asObject(usage["output_tokens_details"]) ?? {};
  const result = definedOnly({
    inputTokens: inputTokens(usage),
    outputTokens: asCount(usage["output_tokens"]),
    cacheReadTokens: asCount(usage["cache_read_input_tokens"]),
    cacheWriteTokens: asCount(usage["cache_creation_input_tokens"]),
    reasoningTokens: asCount(details["thinking_tokens"]),
  });
  return Object.keys(result).length === 0 ? undefined : result;
}

function inputTokens(usage: JsonObject): number | undefined {
  const uncached = asCount(usage["input_tokens"]);
  if (uncached === undefined) return undefined;
  const read = asCount(usage["cache_read_input_tokens"]) ?? 0;
  const written = asCount(usage["cache_creation_input_tokens"]) ?? 0;
  return uncached + read + written;
}
