import type { Usage } from "../events/index.ts";
import { asCount, asNumber, asObject, definedOnly, type JsonObject } from "./json-fields.ts";

/** Usage of chat completions, legacy completions and embeddings; the totals contain their details. */
export function readOpenAiUsage(value: unknown): Usage | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  return readUsage({
    input: usage["prompt_tokens"],
    inputDetails: asObject(usage["prompt_tokens_details"]) ?? {},
    output: usage["completion_tokens"],
    outputDetails: asObject(usage["completion_tokens_details"]) ?? {},
  });
}

/** Usage of responses, images, speech and transcripts, in the names of the newer APIs. */
export function readOpenAiResponsesUsage(value: unknown): Usage | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  return readUsage({
    input: usage["input_tokens"],
    // transcripts have it in the singular
    inputDetails: asObject(usage["input_tokens_details"] ?? usage["input_token_details"]) ?? {},
    output: usage["output_tokens"],
    outputDetails: asObject(usage["output_tokens_details"]) ?? {},
  });
}

/** Usage that is either tokens or the length of the audio. */
export function readTranscriptUsage(value: unknown): Usage | undefined {
  const seconds = asNumber(asObject(value)?.["seconds"]);
  if (seconds !== undefined && seconds >= 0) return { inputAudioSeconds: seconds };
  return readOpenAiResponsesUsage(value);
}

interface UsageFields {
  readonly input: unknown;
  readonly inputDetails: JsonObject;
  readonly output: unknown;
  readonly outputDetails: JsonObject;
}

function readUsage({ input, inputDetails, output, outputDetails }: UsageFields): Usage | undefined {
  const usage = definedOnly({
    inputTokens: asCount(input),
    outputTokens: asCount(output),
    cacheReadTokens: asCount(inputDetails["cached_tokens"]),
    cacheWriteTokens: asCount(inputDetails["cache_write_tokens"]),
    reasoningTokens: asCount(outputDetails["reasoning_tokens"]),
    inputTextTokens: asCount(inputDetails["text_tokens"]),
    outputTextTokens: asCount(outputDetails["text_tokens"]),
    inputAudioTokens: asCount(inputDetails["audio_tokens"]),
    outputAudioTokens: asCount(outputDetails["audio_tokens"]),
    inputImageTokens: asCount(inputDetails["image_tokens"]),
    outputImageTokens: asCount(outputDetails["image_tokens"]),
  });
  return Object.keys(usage).length === 0 ? undefined : usage;
}
