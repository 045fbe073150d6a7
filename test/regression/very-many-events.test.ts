import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runNode } from "../support/run-process.ts";

const PROGRAM = fileURLToPath(new URL("../../bench/events-proof.js", import.meta.url));
/** The million is `npm run proof:events`. */
const EVENTS = process.env["PROOF_EVENTS"] ?? "100000";

test("none of very many events is lost, each session's are in order, totals are exact, memory is flat", async () => {
  const { code, stdout, stderr } = await runNode([PROGRAM, "--events", EVENTS], {
    timeoutMs: 550_000,
  });
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).not.toContain("WRONG");
  expect(stdout.match(/^ok /gm)).toHaveLength(8);
}, 600_000);
