import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitId, fitText } from "./fit-text.ts";

describe("an id", () => {
  it.each(["session-1", "Zoë/42 🐈", "x".repeat(200)])("%s stays as it is", (id) => {
    expect(fitId(id)).toBe(id);
  });

  it("is bounded, well-formed and without control characters; different ones stay different", () => {
    const any = fc.string({ unit: "binary", minLength: 1, maxLength: 600 });
    const text = fc.oneof(
      any,
      any.map((tail) => "same ".repeat(60) + tail),
    );
    fc.assert(
      fc.property(text, text, (left, right) => {
        const ids = [fitId(left), fitId(right)];
        for (const id of ids) {
          expect(id).toMatch(/^[^\p{Cc}\p{Cs}]{1,200}$/u);
          expect(id.length).toBeLessThanOrEqual(200);
          expect(fitId(id)).toBe(id);
        }
        expect(ids[0] === ids[1]).toBe(left === right);
      }),
    );
  });
});

it("a text is cut, never in the middle of a character, and loses its control characters", () => {
  expect(fitText("a\nb\u0000c", 10)).toBe("a\uFFFDb\uFFFDc");
  expect(fitText("ab🐈", 3)).toBe("ab\uFFFD");
  expect(fitText("ab🐈", 4)).toBe("ab🐈");
  expect(fitText("\uD83D", 4)).toBe("\uFFFD");
});
