import fc from "fast-check";
import { expect, it } from "vitest";
import { Utf8Text } from "./utf8-text.ts";

const CHUNK = 64 * 1024;

it("gives the bytes of all that was added, however much of whatever", () => {
  const piece = fc.tuple(
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.constantFrom(0, 1, 1_000, CHUNK),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = new Utf8Text();
      const texts = pieces.map(([given, times]) => given.repeat(times));
      for (const added of texts) text.add(added);
      expect(text.toBuffer().equals(Buffer.from(texts.join("")))).toBe(true);
    }),
    { numRuns: 30 },
  );
});
