import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("makes what is missing above it, too, with the mode that is asked for", async () => {
  await makeFolder(join(folder, "a/b/c"), 0o700);
  const modes = ["a", "a/b", "a/b/c"].map(async (path) => (await stat(join(folder, path))).mode);
  expect((await Promise.all(modes)).map((mode) => mode & 0o777)).toEqual([0o700, 0o700, 0o700]);
});

it("leaves one that is there as it is", async () => {
  await makeFolder(join(folder, "a"), 0o700);
  await makeFolder(join(folder, "a"), 0o755);
  expect((await stat(join(folder, "a"))).mode & 0o777).toBe(0o700);
  await makeFolder("/");
});

it("is made by one of many at once, and the others are content", async () => {
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(join(folder, "x/y/z"))));
  expect(existsSync(join(folder, "x/y/z"))).toBe(true);
});

it("says so where a file is in the way", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(makeFolder(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolder(join(folder, "file/below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

it.runIf(existsSync("/proc/self"))("comes to an end where no folder can be made", async () => {
  await expect(makeFolder("/proc/not-there/below")).rejects.toMatchObject({ code: "ENOENT" });
});
