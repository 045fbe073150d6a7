import fc from "fast-check";
import { expect, it } from "vitest";
import { hasRun } from "./has-run.ts";

it("finds a run wherever it is, and none that is shorter", () => {
  const character = fc.constantFrom(
    "a",
    "Z",
    "0",
    "9",
    "+",
    "/",
    "-",
    "_",
    ".",
    " ",
    "\n",
    "é",
    "=",
    ":",
  );
  fc.assert(
    fc.property(
      fc.string({ unit: character, maxLength: 200 }),
      fc.integer({ min: 1, max: 40 }),
      (text, length) => {
        expect(hasRun(text, length)).toBe(new RegExp(`[\\w+/.-]{${length}}`).test(text));
      },
    ),
    { numRuns: 1000 },
  );
});
