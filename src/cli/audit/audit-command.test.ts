import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { auditFolder, openLog, type TestedLog } from "../../../test/support/audit-files.ts";
import { runCommand } from "../run-command.ts";

const KEY = "a key of the tests, long enough";
const HASH = /[0-9a-f]{64}/g;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

let folder: string;
let path: string;
let tested: TestedLog;

beforeEach(async () => {
  folder = await auditFolder();
  path = join(folder, "log");
});
afterEach(async () => {
  await tested.log.shutdown();
  await rm(folder, { recursive: true });
});

function open(key?: string): TestedLog {
  tested = openLog(path, { key });
  return tested;
}

async function run(...args: string[]) {
  const output = { stdout: "", stderr: "" };
  const code = await runCommand(["audit", ...args], {
    stdout: { write: (text) => (output.stdout += text) },
    stderr: { write: (text) => (output.stderr += text) },
  });
  return { code, ...output };
}

const masked = (text: string) => text.replace(HASH, "HASH").replace(TIME, "TIME");

test("verify says what is whole, and where it ends", async () => {
  await open().write(3);
  const head = tested.log.head?.hash ?? "";
  const { code, stdout, stderr } = await run("verify", path, "--expect-head", head);
  expect({ code, stderr, stdout: masked(stdout) }).toEqual({
    code: 0,
    stderr: "",
    stdout: [
      "audit: whole, 1 file",
      "  records 0 to 3, TIME to TIME",
      "  3 events",
      "  head HASH",
      "1 expected head found",
      "",
    ].join("\n"),
  });
  expect(stdout).toContain(head);
});

test("verify names the first line that was changed", async () => {
  await open().write(3);
  const file = join(path, "audit.000001.jsonl");
  await writeFile(file, (await readFile(file, "utf8")).replace('"userId":"u"', '"userId":"v"'));
  const { code, stdout } = await run("verify", path);
  expect(code).toBe(1);
  expect(stdout).toContain(
    "audit: NOT AS IT WAS WRITTEN, 1 file\n  audit.000001.jsonl:2: was changed",
  );
});

test("verify misses a head that was cut off", async () => {
  await open().write(3);
  const head = tested.log.head?.hash ?? "";
  await tested.log.shutdown();
  const file = join(path, "audit.000001.jsonl");
  const lines = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, lines.toSpliced(-2, 1).join("\n"));
  expect(await run("verify", path)).toMatchObject({ code: 0 });
  expect(await run("verify", path, "--expect-head", head)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`expected head ${head} is not in the log`),
  });
});

test("verify needs the key of a log that has one", async () => {
  await open(KEY).write(1);
  await writeFile(join(folder, "key"), `${KEY}\n`);
  await writeFile(join(folder, "other"), `${KEY}!`);
  expect(await run("verify", path, "--key-file", join(folder, "key"))).toMatchObject({ code: 0 });
  expect(await run("verify", path, "--key-file", join(folder, "other"))).toMatchObject({ code: 1 });
  expect(await run("verify", path)).toMatchObject({
    code: 2,
    stdout: expect.stringContaining("is made with a key, without which it can't be checked"),
  });
});

test("show prints what fits, newest first, over many pages", async () => {
  open();
  for (let count = 0; count < 1_500; count += 1) {
    tested.record(`s${count % 2}`, count);
    if (count % 500 === 0) await tested.log.forceFlush();
  }
  await tested.log.forceFlush();
  const { code, stdout } = await run(
    "show",
    path,
    "--session",
    "s1",
    "--limit",
    "700",
    "--since",
    "1970-01-01",
  );
  const records = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { sequence: number });
  expect(code).toBe(0);
  expect(records.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 700 }, (_, index) => 1_500 - 2 * index),
  );
});

test("show refuses what is no event type", async () => {
  await open().write(1);
  const { code, stderr } = await run("show", path, "--type", "nothing");
  expect(code).toBe(1);
  expect(stderr).toBe(
    "rlm-obs: Query of the audit log: eventType must be one of the event types.\n",
  );
});

test.each(["verify", "show"])("%s --help explains it", async (name) => {
  open();
  const { code, stdout } = await run(name, "--help");
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: rlm-obs audit ${name} <folder>`);
});
