import fc from "fast-check";
import { expect, test } from "vitest";
import { usageDetails } from "./usage-details.ts";

const INPUT = "gen_ai.usage.input_tokens";
const OUTPUT = "gen_ai.usage.output_tokens";
const CACHED = "gen_ai.usage.cache_read.input_tokens";
const WRITTEN = "gen_ai.usage.cache_write.input_tokens";
const REASONING = "gen_ai.usage.reasoning.output_tokens";

test("splits inclusive counts into buckets that exclude each other", () => {
  const details = usageDetails({
    [INPUT]: 1000,
    [CACHED]: 400,
    [WRITTEN]: 100,
    [OUTPUT]: 300,
    [REASONING]: 120,
  });

  expect(details).toEqual({
    input: 500,
    input_cached_tokens: 400,
    input_cache_creation: 100,
    output: 180,
    output_reasoning_tokens: 120,
    total: 1300,
  });
});

test("without details there are two buckets and their total", () => {
  expect(usageDetails({ [INPUT]: 10, [OUTPUT]: 5 })).toEqual({ input: 10, output: 5, total: 15 });
});

test("one known side is told alone", () => {
  expect(usageDetails({ [INPUT]: 10 })).toEqual({ input: 10, total: 10 });
});

test.each([{}, { [CACHED]: 4 }, { [INPUT]: -1 }, { [INPUT]: 1.5 }, { [INPUT]: "7" }])(
  "%o is no usage",
  (attributes) => {
    expect(usageDetails(attributes)).toBeUndefined();
  },
);

test("whatever a provider claims, no bucket is negative and the buckets add up to the total", () => {
  const count = fc.option(fc.nat({ max: 10_000 }), { nil: undefined });
  fc.assert(
    fc.property(count, count, count, count, count, (input, output, cached, written, reasoning) => {
      const { total = 0, ...buckets } =
        usageDetails({
          ...(input !== undefined && { [INPUT]: input }),
          ...(output !== undefined && { [OUTPUT]: output }),
          ...(cached !== undefined && { [CACHED]: cached }),
          ...(written !== undefined && { [WRITTEN]: written }),
          ...(reasoning !== undefined && { [REASONING]: reasoning }),
        }) ?? {};

      const values = Object.values(buckets);
      expect(values.every((value) => value >= 0)).toBe(true);
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(total);
      expect(total).toBe((input ?? 0) + (output ?? 0));
    }),
  );
});
