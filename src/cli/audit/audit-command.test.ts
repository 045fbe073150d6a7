import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
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
    stdout: expect.stringMatching(
      new RegExp(`^expected head ${head} is not in the log\naudit: whole`),
    ),
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
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^rlm-obs: --type 'nothing' is no event type, they are llm_request_.*; see .*\n$/,
  );
});

test("show takes a time in milliseconds, and no day that isn't", async () => {
  await open().write(1);
  expect(await run("show", path, "--until", "1000")).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await run("show", path, "--since", "2026-02-30")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--since '2026-02-30' is no time"),
  });
});

test("show takes one file", async () => {
  await open().write(2);
  const whole = await run("show", path);
  expect(await run("show", join(path, "audit.000001.jsonl"))).toEqual(whole);
  expect(whole.stdout.trimEnd().split("\n")).toHaveLength(2);
});

test("a file that can't be read is told, and is no verdict on the log", async () => {
  await open().write(1);
  const file = join(path, "audit-2.000001.jsonl");
  await mkdir(file);
  const stderr = `rlm-obs: '${file}' can't be read (EISDIR): it is a folder, where a file of the log should be\n`;
  expect(await run("verify", path)).toEqual({ code: 2, stdout: "", stderr });
  const shown = await run("show", path);
  expect(shown).toMatchObject({ code: 2, stderr });
  expect(shown.stdout.trimEnd().split("\n")).toHaveLength(1);
  await rm(file, { recursive: true });
  await symlink(file, file);
  expect(await run("verify", path)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("can't be read (ELOOP)"),
  });
});

test("show says of a file that it is none of an audit log", async () => {
  open();
  const file = join(folder, "letter.txt");
  await writeFile(file, "Dear all,\nhow are you?\n");
  const stderr = `rlm-obs: '${file}' does not begin with a record of an audit log\n`;
  expect(await run("show", file)).toEqual({ code: 2, stdout: "", stderr });
});

test("show prints what follows a first line that was damaged, and says that there is one", async () => {
  await open().write(2);
  const file = join(path, "audit.000001.jsonl");
  const whole = await run("show", path);
  await writeFile(file, (await readFile(file, "utf8")).replace('{"seq":0', "{'seq':0"));
  expect(await run("show", path)).toEqual({
    code: 2,
    stdout: whole.stdout,
    stderr: `rlm-obs: '${file}' does not begin with a record of an audit log\n`,
  });
});

test("show has nothing to say of a file that nothing was written to yet", async () => {
  await open().write(1);
  await writeFile(join(path, "audit-2.000001.jsonl"), "");
  expect(await run("show", path)).toMatchObject({ code: 0, stderr: "" });
});

test("a folder without a log is told by both", async () => {
  open();
  for (const name of ["show", "verify"]) {
    expect(await run(name, folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`no audit log in '${folder}'`),
    });
  }
});

test("verify accepts chains of before the key was set, or changed, if it is told to", async () => {
  await open().write(1);
  await tested.log.shutdown();
  const key = await keyFile("key", KEY);
  const other = await keyFile("other", `${KEY}!`);
  expect(await run("verify", path, "--allow-unkeyed", "--key-file", key)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^audit: whole, 1 file, made WITHOUT the key: whoever could write it could make it anew\n/,
    ),
  });
  await open(KEY).write(1);
  await tested.log.shutdown();
  await open(`${KEY}!`).write(1);
  expect(await run("verify", path, "--key-file", key, "--key-file", other)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("is made without the key"),
  });
  const keys = ["--key-file", key, "--key-file", other];
  const { code, stdout } = await run("verify", path, "--allow-unkeyed", ...keys);
  expect(code).toBe(0);
  expect(stdout.match(/^audit.*: whole, 1 file$/gm)).toEqual([
    "audit-2: whole, 1 file",
    "audit-3: whole, 1 file",
  ]);
  expect(await run("verify", path, "--allow-unkeyed")).toMatchObject({ code: 2 });
});

test("a file without a key in it is no other key", async () => {
  await open(KEY).write(1);
  expect(await run("verify", path, "--key-file", await keyFile("empty", "\n"))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("holds no key"),
  });
});

async function keyFile(name: string, key: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, key);
  return file;
}

test.each(["verify", "show"])("%s --help explains it", async (name) => {
  open();
  const { code, stdout } = await run(name, "--help");
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: rlm-obs audit ${name} <folder>`);
});
