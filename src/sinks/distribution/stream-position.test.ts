import { expect, it } from "vitest";
import { compareIds, positionBefore } from "./stream-position.ts";

it("orders ids by time, then by number, as numbers", () => {
  const ids = ["9-0", "10-10", "10-9", "10-0", "0-0"];
  expect(ids.toSorted(compareIds)).toEqual(["0-0", "9-0", "10-0", "10-9", "10-10"]);
  expect(compareIds("10-9", "10-9")).toBe(0);
});

it("finds the place of some time ago by the clock of Redis", () => {
  expect(positionBefore(["1700000000", "500000"], 1_500)).toBe("1699999999000-0");
});

it("takes the beginning when Redis says no time", () => {
  expect(positionBefore("OK", 5)).toBe("0-0");
  expect(positionBefore(["x", "y"], 5)).toBe("0-0");
});
