import fc from "fast-check";
import { expect, it } from "vitest";
import { PreciseSum } from "./precise-sum.ts";

it("is the sum of what is left when all else is taken away again, in any order", () => {
  const milliseconds = fc.integer({ min: 0, max: 1_000_000_000 }).map((micro) => micro / 1_000);
  const amounts = fc.array(fc.record({ value: milliseconds, stays: fc.boolean() }));
  fc.assert(
    fc.property(amounts, fc.infiniteStream(fc.nat()), (given, places) => {
      const sum = new PreciseSum();
      for (const { value } of given) sum.add(value);
      const leaving = given.filter(({ stays }) => !stays);
      while (leaving.length > 0) {
        const [gone] = leaving.splice((places.next().value ?? 0) % leaving.length, 1);
        sum.add(-(gone?.value ?? 0));
      }
      const micro = given.reduce((all, { value, stays }) => all + (stays ? value * 1_000 : 0), 0);
      expect(Math.round(sum.value * 1_000) + 0).toBe(Math.round(micro));
    }),
  );
});
