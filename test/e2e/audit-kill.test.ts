import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { auditFolder, openLog, problemsOf, readLog, verifyLog } from "../support/audit-files.ts";
import { poll } from "../support/poll.ts";

const WRITER = fileURLToPath(new URL("../support/audit-writer.js", import.meta.url));
const ROUNDS = Number(process.env["RLM_KILL_ROUNDS"] ?? 50);
const POLICIES = ["each", "interval", "none"] as const;
/** Many files, so that some processes are killed while they begin one. */
const MAX_SIZE_BYTES = 16_384;
const EVENT_ID = /"event":\{"id":"([^"]+)"/g;

let folder: string;
beforeEach(async () => {
  folder = await auditFolder();
});
afterEach(() => rm(folder, { recursive: true }));

/** Ids of the events that the process had said to be safe when it was killed. */
async function writeUntilKilled(round: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env["PATH"],
      RLM_AUDIT_PATH: folder,
      RLM_AUDIT_FSYNC: POLICIES[round % POLICIES.length],
      RLM_AUDIT_MAX_SIZE_BYTES: String(MAX_SIZE_BYTES),
    },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const closed = once(child, "close");
  await poll("the first safe events", () => output.includes("\n"), 30_000);
  // at no moment in particular
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
  child.kill("SIGKILL");
  await closed;
  // what follows the last line feed was not said to its end
  return output.split("\n").slice(0, -1);
}

test(`${ROUNDS} processes killed in the middle of their work lose nothing that was safe, and leave a chain that holds`, async () => {
  const safe: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    safe.push(...(await writeUntilKilled(round)));
    const problems = await problemsOf(folder);
    // a line that was just being written is all that may be wrong
    const others = problems.filter(
      (problem) => !/: (the last line is not whole|there is no rec)/.test(problem),
    );
    expect(others, `round ${round}`).toEqual([]);
    expect(problems.length, `round ${round}`).toBeLessThanOrEqual(1);
  }

  const { log, write } = openLog(folder);
  await write(1);
  await log.shutdown();
  const { chains } = await verifyLog(folder);
  expect(chains.map(({ name, problem }) => ({ name, problem }))).toEqual([
    { name: "audit", problem: undefined },
  ]);
  expect(chains[0]?.files).toBeGreaterThan(1);
  const texts = [...(await readLog(folder)).values()];
  const kept = texts.flatMap((text) => [...text.matchAll(EVENT_ID)].map(([, id]) => id));
  expect(new Set(kept).size).toBe(kept.length);
  expect(safe.length).toBeGreaterThan(ROUNDS);
  const known = new Set(kept);
  expect(safe.filter((id) => !known.has(id))).toEqual([]);
});
