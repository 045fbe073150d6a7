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

/** A line, or a file, that was just being written or created. */
const UNFINISHED = /: (the last line is not whole|there is no record in this file)/;

function idsIn(text: string): string[] {
  return [...text.matchAll(EVENT_ID)].map(([, id = ""]) => id);
}

let folder: string;
beforeEach(async () => {
  folder = await auditFolder();
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that writes, once it has said that some events are safe. */
async function startWriter(round: number) {
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
  return {
    /** Ids of the events that it had said to be safe by then. */
    async kill(): Promise<string[]> {
      // at no moment in particular
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
      child.kill("SIGKILL");
      await closed;
      // what follows the last line feed was not said to its end
      return output.split("\n").slice(0, -1);
    },
  };
}

test(`${ROUNDS} processes killed in the middle of their work lose nothing that was safe, and leave a chain that holds`, async () => {
  const safe: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const writer = await startWriter(round);
    safe.push(...(await writer.kill()));
    const problems = await problemsOf(folder);
    // a line that was just being written is all that may be wrong
    const others = problems.filter((problem) => !UNFINISHED.test(problem));
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
  const kept = [...(await readLog(folder)).values()].flatMap(idsIn);
  expect(new Set(kept).size).toBe(kept.length);
  expect(safe.length).toBeGreaterThan(ROUNDS);
  const known = new Set(kept);
  expect(safe.filter((id) => !known.has(id))).toEqual([]);
});

test("processes that write to one folder at the same time have a chain each, and keep what was safe", async () => {
  const writers = await Promise.all([0, 1, 2, 3].map(startWriter));
  const safe = (await Promise.all(writers.map((writer) => writer.kill()))).flat();
  const { log, write } = openLog(folder);
  await write(1);
  await log.shutdown();
  const kept = new Set([...(await readLog(folder)).values()].flatMap(idsIn));
  expect(safe.filter((id) => !kept.has(id))).toEqual([]);
  const { chains } = await verifyLog(folder);
  expect(chains.map(({ name }) => name)).toEqual(["audit", "audit-2", "audit-3", "audit-4"]);
  const problems = await problemsOf(folder);
  expect(problems.filter((problem) => !UNFINISHED.test(problem))).toEqual([]);
});
