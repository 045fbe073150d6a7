import type { Usage } from "../../events/index.ts";

/** GenAI conventions `gen_ai.token.modality`. */
export type Modality = "text" | "image" | "audio" | "unknown";

type Shares = readonly (readonly [Modality, number])[];

/**
 * The tokens of `count` by modality, as far as the provider told; the rest, or all, is `unknown`. They add up to
 * the whole.
 */
export function tokenModalities(usage: Usage, count: keyof Usage): Shares {
  const total = usage[count];
  if (typeof total !== "number") return [];
  const told = toldShares(usage, count);
  const rest = total - told.reduce((sum, [, tokens]) => sum + tokens, 0);
  // details that are more than the whole are wrong
  if (rest < 0) return [["unknown", total]];
  return rest > 0 || told.length === 0 ? [...told, ["unknown", rest]] : told;
}

function toldShares(usage: Usage, count: keyof Usage): Shares {
  if (count === "inputTokens") {
    return present([
      ["text", usage.inputTextTokens],
      ["image", usage.inputImageTokens],
      ["audio", usage.inputAudioTokens],
    ]);
  }
  if (count !== "outputTokens") return [];
  return present([
    ["text", usage.outputTextTokens],
    ["image", usage.outputImageTokens],
    ["audio", usage.outputAudioTokens],
  ]);
}

function present(shares: readonly (readonly [Modality, number | undefined])[]): Shares {
  return shares.flatMap(([modality, tokens]) => (tokens ? [[modality, tokens] as const] : []));
}
