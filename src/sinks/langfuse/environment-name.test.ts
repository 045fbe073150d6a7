import { expect, test } from "vitest";
import { environmentName } from "./environment-name.ts";

test.each([
  ["production", "production"],
  ["Prod EU!", "prod-eu"],
  ["eu_west-1", "eu_west-1"],
  ["staging / blue", "staging-blue"],
  ["langfuse-staging", "staging"],
  ["x".repeat(50), "x".repeat(40)],
  [`${"x".repeat(39)}!y`, "x".repeat(39)],
  ["!!!", undefined],
  ["", undefined],
  [undefined, undefined],
])("%o becomes %o", (given, expected) => {
  expect(environmentName(given)).toBe(expected);
});
