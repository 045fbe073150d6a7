import { expect, test } from "vitest";
import { withoutPreloads } from "./without-preloads.ts";

test.each([
  ["", ""],
  ["--max-old-space-size=100", "--max-old-space-size=100"],
  ["--import ./a.js --dns-result-order=ipv4first", "--dns-result-order=ipv4first"],
  ["--dns-result-order=ipv4first  -r ./a.cjs", "--dns-result-order=ipv4first"],
  ["--import=./a.js --require=./b.cjs --require ./c.cjs", ""],
  ["--experimental-loader ./a.js --experimental_loader=./b.js --loader c", ""],
  ['--require "./with blank.cjs" --no-warnings', "--no-warnings"],
  ['--import="./with \\" mark.js" --no-warnings', "--no-warnings"],
  ["--import --import --no-warnings", "--no-warnings"],
  ["--require-module --no-warnings", "--require-module --no-warnings"],
])("of %j is left %j", (given, left) => {
  expect(withoutPreloads(given)).toBe(left);
});
