import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockFolder } from "./folder-lock.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-lock-"));
  file = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true }));

const LOCKED = { code: "STORE_LOCKED" };

/** The lock that this process would have, with changes. */
async function leaveLock(changes: object, ageMs = 0): Promise<void> {
  const lock = await lockFolder(folder);
  const owner = JSON.parse(await readFile(file, "utf8")) as object;
  await lock.release();
  await writeFile(file, JSON.stringify({ ...owner, ...changes, token: "of another" }));
  await age(file, ageMs);
}

async function age(path: string, ageMs: number): Promise<void> {
  const then = new Date(Date.now() - ageMs);
  await utimes(path, then, then);
}

/** Id of a process that is no more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}

it("is had by one at a time, and says by whom", async () => {
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({
    ...LOCKED,
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await lock.release();
  await (await lockFolder(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it("makes the folder", async () => {
  const lock = await lockFolder(join(folder, "a/b"));
  expect(await readdir(join(folder, "a/b"))).toEqual(["lock"]);
  await lock.release();
});

it("is taken over from a process that is no more, or whose id another one has got", async () => {
  await leaveLock({ pid: await deadPid() });
  await (await lockFolder(folder)).release();
  await leaveLock({ started: "1" });
  await (await lockFolder(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it("stays with a living process, however old it is", async () => {
  await leaveLock({}, 20_000);
  await expect(lockFolder(folder)).rejects.toMatchObject(LOCKED);
});

it("stays with a process of another place while it is heard of", async () => {
  await leaveLock({ machine: "another host", pid: await deadPid() }, 20_000);
  await expect(lockFolder(folder)).rejects.toMatchObject(LOCKED);
  await age(file, 31_000);
  await (await lockFolder(folder)).release();
});

it("is taken over when it was never finished", async () => {
  await writeFile(file, '{"token"');
  await expect(lockFolder(folder)).rejects.toMatchObject(LOCKED);
  await age(file, 6_000);
  await (await lockFolder(folder)).release();
});

it("goes to one of many that take it over at once", async () => {
  await leaveLock({ pid: await deadPid() });
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
  const won = tries.filter(({ status }) => status === "fulfilled");
  expect(won).toHaveLength(1);
  for (const result of tries) if (result.status === "fulfilled") await result.value.release();
  expect(await readdir(folder)).toEqual([]);
});

it("is not held up by one who died while taking over", async () => {
  await leaveLock({ pid: await deadPid() });
  await writeFile(`${file}.takeover`, "{}");
  await expect(lockFolder(folder)).rejects.toMatchObject(LOCKED);
  await age(`${file}.takeover`, 6_000);
  await (await lockFolder(folder)).release();
});

it("is left alone by one who has lost it", async () => {
  const lock = await lockFolder(folder);
  await writeFile(
    file,
    JSON.stringify({ token: "of another", pid: 1, started: "", machine: "elsewhere" }),
  );
  await lock.release();
  expect(await readdir(folder)).toEqual(["lock"]);
});
