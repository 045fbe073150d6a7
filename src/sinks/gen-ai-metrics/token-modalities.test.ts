import fc from "fast-check";
import { expect, it } from "vitest";
import type { Usage } from "../../events/index.ts";
import { tokenModalities } from "./token-modalities.ts";

it("are unknown where the provider told none", () => {
  expect(tokenModalities({ inputTokens: 100 }, "inputTokens")).toEqual([["unknown", 100]]);
  expect(tokenModalities({ inputTokens: 100, inputAudioTokens: 0 }, "inputTokens")).toEqual([
    ["unknown", 100],
  ]);
});

it("are told one by one, and the rest is unknown", () => {
  const usage = { inputTokens: 300, inputTextTokens: 90, inputImageTokens: 200, outputTokens: 7 };
  expect(tokenModalities(usage, "inputTokens")).toEqual([
    ["text", 90],
    ["image", 200],
    ["unknown", 10],
  ]);
  expect(tokenModalities({ ...usage, outputAudioTokens: 7 }, "outputTokens")).toEqual([
    ["audio", 7],
  ]);
});

it("of a part are unknown", () => {
  const usage = { inputTokens: 300, inputTextTokens: 300, cacheReadTokens: 40 };
  expect(tokenModalities(usage, "cacheReadTokens")).toEqual([["unknown", 40]]);
});

it("are nothing without a count, and 0 of a known nothing", () => {
  expect(tokenModalities({ outputTokens: 1 }, "inputTokens")).toEqual([]);
  expect(tokenModalities({ inputTokens: 0 }, "inputTokens")).toEqual([["unknown", 0]]);
});

it("always add up to the whole", () => {
  const count = fc.option(fc.nat(1000), { nil: undefined });
  const usages = fc.record({ text: count, image: count, audio: count, total: fc.nat(2000) });
  fc.assert(
    fc.property(usages, ({ text, image, audio, total }) => {
      const usage = {
        outputTokens: total,
        outputTextTokens: text,
        outputImageTokens: image,
        outputAudioTokens: audio,
      } as Usage;
      const shares = tokenModalities(usage, "outputTokens");
      expect(shares.reduce((sum, [, tokens]) => sum + tokens, 0)).toBe(total);
    }),
  );
});
