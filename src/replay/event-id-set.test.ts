import fc from "fast-check";
import { expect, test } from "vitest";
import { EventIdSet } from "./event-id-set.ts";

const ORIGINS = ["5f0c7a60-0000-8000-8000-", "5f0c7a60-0000-8000-9000-"];
const id = fc.oneof(
  fc
    .tuple(fc.constantFrom(...ORIGINS), fc.integer({ min: 0, max: 5_000 }))
    .map(([origin, sequence]) => origin + sequence.toString(16).padStart(12, "0")),
  fc.constantFrom("a", "b", ""),
);

test("it has what was added, and nothing else", () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 300 }), fc.array(id), (added, others) => {
      const set = new EventIdSet(100);
      for (const one of added) expect(set.add(one)).toBe(true);
      for (const one of [...added, ...others]) expect(set.has(one)).toBe(added.includes(one));
    }),
  );
});

test("it refuses what it has no room for, and takes what is near to what it has", () => {
  const set = new EventIdSet(2);
  expect(["a", "b", "c", "a"].map((one) => set.add(one))).toEqual([true, true, false, true]);
  expect(set.has("c")).toBe(false);
});
