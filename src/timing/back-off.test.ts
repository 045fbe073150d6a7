import { expect, it } from "vitest";
import { backOffMs } from "./back-off.ts";

it("doubles up to five seconds", () => {
  const longest = [1, 2, 3, 7, 50, 5_000].map((failures) => backOffMs(failures, () => 1));
  expect(longest).toEqual([100, 200, 400, 5_000, 5_000, 5_000]);
});

it("is spread over its second half", () => {
  expect([0, 0.5].map((random) => backOffMs(3, () => random))).toEqual([200, 300]);
});
