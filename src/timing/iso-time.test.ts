import { expect, test } from "vitest";
import { isoTime } from "./iso-time.ts";

test.each([
  [1_795_204_618_069.7, "2026-11-20T19:56:58.069Z"],
  [0, "1970-01-01T00:00:00.000Z"],
  [-1, "1970-01-01T00:00:00.000Z"],
  [Number.NaN, "1970-01-01T00:00:00.000Z"],
  [Number.MAX_VALUE, "+275760-09-13T00:00:00.000Z"],
  [Number.POSITIVE_INFINITY, "+275760-09-13T00:00:00.000Z"],
])("%d is told as %s", (timestampMs, told) => {
  expect(isoTime(timestampMs)).toBe(told);
});
