import type { Usage } from "../events/index.ts";
import { asCount, asObject, definedOnly } from "./json-fields.ts";

/** Usage of chat completions and legacy completions; the totals contain their details. */
export function readOpenAiUsage(value: unknown): Usage | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const prompt = asObject(usage["prompt_tokens_details"]) ?? {};
  const completion = asObject(usage["completion_tokens_details"]) ?? {};
  const result = definedOnly({
    inputTokens: asCount(usage["prompt_tokens"]),
    outputTokens: asCount(usage["completion_tokens"]),
    cacheReadTokens: asCount(prompt["cached_tokens"]),
    cacheWriteTokens: asCount(prompt["cache_write_tokens"]),
    reasoningTokens: asCount(completion["reasoning_tokens"]),
    inputAudioTokens: asCount(prompt["audio_tokens"]),
    outputAudioTokens: asCount(completion["audio_tokens"]),
  });
  return Object.keys(result).length === 0 ? undefined : result;
}
