import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runNode } from "../support/run-process.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

vi.setConfig({ testTimeout: 300_000 });

const PROGRAM = fileURLToPath(new URL("../support/store-and-end.js", import.meta.url));
const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let proxy: TcpProxy;
let folder: string;
beforeAll(async () => {
  // nobody listens behind it, and nobody is asked
  proxy = await startTcpProxy(1);
  proxy.hang();
  folder = await mkdtemp(join(tmpdir(), "rlm-end-"));
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test.each(["shutdown", "flush", "none"])(
  "a PostgreSQL that does not answer for a minute doesn't hold the process, ending: %s",
  async (ending) => {
    const store = `postgres://u:p@127.0.0.1:${proxy.port}/d`;
    const { code, stderr } = await runNode([PROGRAM, store, ending], { timeoutMs: 20_000 });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /event-store: not stored before the end, events: [23] \(.+\)\n$/,
      ),
    });
  },
);

test.each(["none", "shutdown"])(
  "a new folder is made to its end, however short the program and its limit are, ending: %s",
  async (ending) => {
    const store = join(folder, `new-${ending}`);
    const first = await runNode([PROGRAM, store, ending, "100"], { timeoutMs: 90_000 });
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const alerts = ["--type", "system_alert"];
    const replay = await runNode([CLI, "events", "replay", "--store", store, ...alerts]);
    expect(replay).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"type":"system_alert"'),
      stderr: expect.stringMatching(/^1 events replayed; /),
    });
  },
);

test("a folder that can't be opened is not waited for, and the end says how many events it has cost", async () => {
  const store = join(folder, "taken");
  await writeFile(store, "a file");
  const { code, stderr } = await runNode([PROGRAM, store, "shutdown", "1000"], {
    timeoutMs: 20_000,
  });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(
      /event-store: not stored before the end, events: \d \(events could not be stored: .*\)\n$/,
    ),
  });
});

test("a folder doesn't either, and has what came before the end", async () => {
  const store = join(folder, "events");
  const run = (ending: string) => runNode([PROGRAM, store, ending, "60000"], { timeoutMs: 90_000 });
  const ends = [];
  for (const ending of ["read", "none", "flush", "shutdown", "read"]) ends.push(await run(ending));
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(ends.at(-1)?.stdout).toMatch(/^[45] stored before\n$/);
});
