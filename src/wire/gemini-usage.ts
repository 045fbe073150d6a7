import type { Usage } from "../events/index.ts";
import { asArray, asCount, asObject, definedOnly } from "./json-fields.ts";

/**
 * Usage of Gemini. The prompt's count contains what was cached, but not what tools added to it; the candidates' count
 * leaves out the thoughts.
 */
export function readGeminiUsage(value: unknown): Usage | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const thoughts = asCount(usage["thoughtsTokenCount"]);
  const result = definedOnly({
    inputTokens: sum(asCount(usage["promptTokenCount"]), asCount(usage["toolUsePromptTokenCount"])),
    outputTokens: sum(asCount(usage["candidatesTokenCount"]), thoughts),
    cacheReadTokens: asCount(usage["cachedContentTokenCount"]),
    reasoningTokens: thoughts,
    inputTextTokens: tokensOf("TEXT", usage["promptTokensDetails"]),
    outputTextTokens: tokensOf("TEXT", usage["candidatesTokensDetails"]),
    inputAudioTokens: tokensOf("AUDIO", usage["promptTokensDetails"]),
    outputAudioTokens: tokensOf("AUDIO", usage["candidatesTokensDetails"]),
    inputImageTokens: tokensOf("IMAGE", usage["promptTokensDetails"]),
    outputImageTokens: tokensOf("IMAGE", usage["candidatesTokensDetails"]),
  });
  return Object.keys(result).length === 0 ? undefined : result;
}

/** `undefined` only if neither is known. */
function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : one + (other ?? 0);
}

function tokensOf(modality: string, details: unknown): number | undefined {
  const found = asArray(details)
    .map((detail) => asObject(detail) ?? {})
    .find((detail) => detail["modality"] === modality);
  return asCount(found?.["tokenCount"]);
}
