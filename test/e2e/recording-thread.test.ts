import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterEach, beforeEach, expect, test } from "vitest";
import { problemsOf, readLog } from "../support/audit-files.ts";
import { runNode } from "../support/run-process.ts";

const PROGRAM = fileURLToPath(new URL("../support/record-and-tell.js", import.meta.url));
const CALLER = fileURLToPath(new URL("../support/call-and-end.js", import.meta.url));
const NOTHING_LOST: Readonly<Record<string, number>> = {};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-thread-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(program: string, how: string) {
  const { code, stdout, stderr } = await runNode([program, join(folder, "audit"), how]);
  expect(code, stderr).toBe(0);
  return { told: JSON.parse(stdout) as unknown, stderr };
}

test("events are recorded in a thread, the package's own", async () => {
  const { told, stderr } = await run(PROGRAM, "record");
  expect({ told, stderr }).toEqual({
    told: {
      threads: ["recorder/thread.js"],
      recorded: ["first"],
      health: { state: "ok" },
      lost: NOTHING_LOST,
    },
    stderr: "",
  });
});

test("so are lines of the log in a file, and all are there when a process has come to its end", async () => {
  const log = join(folder, "app.log");
  const { code, stderr } = await runNode([CALLER], {
    environment: { RLM_AUDIT_PATH: join(folder, "audit"), RLM_LOG: log },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = (await readFile(log, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(
    Array.from({ length: 5 }, () => "llm_request_completed"),
  );
});

test("a thread that ends is started again: what is lost is counted, and the log says where", async () => {
  const { told, stderr } = await run(PROGRAM, "terminate");
  expect(told).toEqual({
    threads: ["recorder/thread.js", "recorder/thread.js"],
    recorded: ["last", "first"],
    health: { state: "ok" },
    lost: { "audit:thread_ended": 1 },
  });
  expect(stderr).toContain("recorder: the thread that records events has ended");
  expect(stderr).toContain("AUDIT_LOG_FAILING");
  expect(await problemsOf(join(folder, "audit"))).toEqual([]);
  const text = [...(await readLog(join(folder, "audit"))).values()].join("");
  expect(text).toContain('"note":{"kind":"lost","reason":"queue_full","events":1}');
});

test("bundled with an application and without node_modules, they are recorded in its thread", async () => {
  const bundle = await rolldown({
    input: PROGRAM,
    platform: "node",
    external: ["pg", "ioredis", "langfuse", "@electric-sql/pglite"],
    logLevel: "silent",
  });
  await bundle.write({ dir: join(folder, "app"), format: "esm", entryFileNames: "app.mjs" });
  await bundle.close();

  const { told } = await run(join(folder, "app", "app.mjs"), "record");
  expect(told).toEqual({
    threads: [],
    recorded: ["first"],
    health: { state: "ok", thread: "application" },
    lost: NOTHING_LOST,
  });
  expect(await problemsOf(join(folder, "audit"))).toEqual([]);
});
