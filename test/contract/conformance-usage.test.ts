import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { runNode } from "../support/run-process.ts";

const RUN = fileURLToPath(new URL("../../conformance/run.js", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "rlm-conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["an unknown option", ["--bogus"], "Unknown option '--bogus'"],
  ["a value that is missing", ["--sdk"], "Option '--sdk <value>' argument missing"],
  ["a word that belongs to no option", ["quick"], "Unexpected argument 'quick'"],
])(
  "the conformance run refuses %s in a sentence, and says where help is",
  async (_, given, why) => {
    const { code, stdout, stderr } = await runNode([RUN, ...given]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(why)).toBe(true);
    expect(stderr).toMatch(/\n\nnpm run conformance -- --help tells what there is\.\n$/);
    expect(stderr).not.toContain("    at ");
  },
);

it("what is in several files is told once, by the last of them", async () => {
  const cell = {
    node: "20",
    module: "esm",
    mode: "observe",
    otel: "own",
    subject: { id: "fetch" },
  };
  const file = (name: string, states: Readonly<Record<string, string>>) => {
    const marks = Object.entries(states).flatMap(([id, state]) =>
      ["T", "O"].map((side) => JSON.stringify({ id, cell, side, state, wrong: ["seen"] })),
    );
    const path = join(folder, name);
    writeFileSync(path, marks.join("\n"));
    return ["--merge", path];
  };
  const first = file("first.json", { F01: "right", F02: "miss" });
  const again = file("again.json", { F02: "right" });
  const { code, stdout } = await runNode([RUN, ...first, ...again]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n1 applications, 4 checks: 4 right, 0 missed, 0 known misses; 0 that/);
});
