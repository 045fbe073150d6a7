import fc from "fast-check";
import { expect, it } from "vitest";
import { UsdSum } from "./usd-sum.ts";

function sumOf(amounts: Iterable<number>): number {
  const sum = new UsdSum();
  for (const usd of amounts) sum.add(usd);
  return sum.usd;
}

it("shows no drift where plain addition does", () => {
  expect(sumOf([0.1, 0.2])).toBe(0.3);
  expect(sumOf([])).toBe(0);
  expect(sumOf(Array.from({ length: 1_000_000 }, () => 0.000_000_7))).toBe(0.7);
});

it("is the decimal sum of any prices, in any order", () => {
  const picoUsd = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { maxLength: 2_000 });
  fc.assert(
    fc.property(picoUsd, (amounts) => {
      const exact = amounts.reduce((sum, amount) => sum + amount, 0);
      expect(sumOf(amounts.map((amount) => amount / 1e12))).toBe(exact / 1e12);
    }),
  );
});
