import { expect, test } from "vitest";
import { isUsageError } from "../usage-error.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { demoHelp, parseDemoFlags } from "./flags.ts";

test("defaults run until interrupted, with a summary and a fixed seed", () => {
  expect(parseDemoFlags([])).toEqual({ seed: 1, quiet: false });
});

test("reads every flag", () => {
  const flags = "--duration 1.5m --rate 0.5 --port 0 --host 0.0.0.0 --seed 9 --quiet".split(" ");
  expect(parseDemoFlags(flags)).toEqual({
    durationMs: 90_000,
    ratePerSecond: 0.5,
    port: 0,
    host: "0.0.0.0",
    seed: 9,
    quiet: true,
  });
});

test("--help wins over everything else and names every flag", () => {
  expect(parseDemoFlags(["--quiet", "-h"])).toBe("help");
  for (const flag of ["duration", "rate", "port", "host", "seed", "quiet", "help"]) {
    expect(demoHelp).toContain(`--${flag}`);
  }
});

test.each([
  ["--duration", "30"],
  ["--duration", "0s"],
  ["--duration", "9999h"],
  ["--duration", "s"],
  ["--rate", "0"],
  ["--rate", "fast"],
  ["--rate", ""],
  ["--port", "65536"],
  ["--port", "1e3"],
  ["--seed", "1.5"],
])("%s %s is refused by name", (flag, value) => {
  const refusal = catchError(() => parseDemoFlags([flag, value]));
  expect(isUsageError(refusal)).toBe(true);
  expect(String(refusal)).toContain(`${flag} '${value}' is not`);
});

test.each([[["--prot", "1"]], [["--quiet=yes"]], [["now"]], [["--rate"]]])(
  "%j is a usage error",
  (args) => {
    expect(isUsageError(catchError(() => parseDemoFlags(args)))).toBe(true);
  },
);

test("durations are read with their unit and written as a clock", () => {
  expect(["250ms", "30s", "2m", "1h"].map(parseDuration)).toEqual([
    250, 30_000, 120_000, 3_600_000,
  ]);
  expect([0, 5999, 65_000, 3_725_000].map(formatDuration)).toEqual([
    "00:00",
    "00:05",
    "01:05",
    "1:02:05",
  ]);
});

function catchError(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
