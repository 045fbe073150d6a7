import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runNode } from "../support/run-process.ts";

const RUN = fileURLToPath(new URL("../../conformance/run.js", import.meta.url));

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
