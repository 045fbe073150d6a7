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
    inputAudioTokens: audioTokens(usage["promptTokensDetails"]),
    outputAudioTokens: audioTokens(usage["candidatesTokensDetails"]),
  });
  return Object.keys(result).length === 0 ? undefined : result;
}

/** `undefined` only if neither is known. */
function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : one + (other ?? 0);
}

function audioTokens(details: unknown): number | undefined {
  const audio = asArray(details)
    .map((detail) => asObject(detail) ?? {})
    .find(({ modality }) => modality === "AUDIO");
  return asCount(audio?.["tokenCount"]);
}
