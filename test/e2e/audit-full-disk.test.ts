import { execFileSync } from "node:child_process";
import { mkdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  auditFolder,
  eventIdsOf,
  openLog,
  problemsOf,
  type TestedLog,
  verifyLog,
} from "../support/audit-files.ts";
import { poll } from "../support/poll.ts";
import { runProcess } from "../support/run-process.ts";

const WRITER = fileURLToPath(new URL("../support/audit-writer.js", import.meta.url));
const DISK_BYTES = 512 * 1024;

let folder: string;
beforeEach(async () => {
  folder = await auditFolder();
});
afterEach(() => rm(folder, { recursive: true }));

/** A small disk of its own; that needs rights that not every environment gives. */
function mountDisk(path: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "tmpfs", path], {
    stdio: "ignore",
  });
}

function canMount(): boolean {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!canMount())("on a disk that is full (needs the right to mount one)", () => {
  let disk: string;
  let tested: TestedLog;
  beforeEach(async () => {
    disk = join(folder, "disk");
    await mkdir(disk);
    mountDisk(disk);
    tested = openLog(join(disk, "audit"), { fsync: "each", maxSizeBytes: 32_768 });
  });
  afterEach(async () => {
    await tested.log.shutdown();
    execFileSync("umount", [disk]);
  });

  test("events wait in order, and are all there when there is room again", async () => {
    const filler = join(disk, "filler");
    await writeFile(filler, Buffer.alloc(DISK_BYTES - 64 * 1024));
    const ids: string[] = [];
    for (let round = 0; tested.log.health.state !== "failing" && round < 1_000; round += 1) {
      ids.push(tested.record().id);
      await tested.log.forceFlush().catch(() => {});
    }
    for (let count = 0; count < 200; count += 1) ids.push(tested.record().id);
    await expect(tested.log.forceFlush()).rejects.toMatchObject({ code: "ENOSPC" });
    expect(tested.log.health).toMatchObject({
      state: "failing",
      lastError: expect.stringContaining("(ENOSPC); the disk is full: free some space"),
    });
    expect(await eventIdsOf(join(disk, "audit"))).toEqual(ids.slice(0, -201));

    await truncate(filler, 0);
    await poll("it tries again", () => tested.log.health.state === "ok", 15_000);
    await tested.log.forceFlush();
    expect(await eventIdsOf(join(disk, "audit"))).toEqual(ids);
    expect(await problemsOf(join(disk, "audit"))).toEqual([]);
    expect(tested.dropped()).toEqual({});
  });
});

test("a process whose files may not grow says so, goes on, and leaves whole lines", async () => {
  const limited = `ulimit -f 64; exec "$0" "${WRITER}"`;
  const { stdout, stderr } = await runProcess("sh", ["-c", limited, process.execPath], {
    timeoutMs: 6_000,
    environment: { RLM_AUDIT_PATH: join(folder, "audit"), RLM_AUDIT_FSYNC: "each" },
  });
  expect(stdout).toContain("\nfailed EFBIG\n");
  expect(stderr).toContain("(EFBIG); the file may not grow: set a smaller audit.maxSizeBytes");
  const { size } = await stat(join(folder, "audit", "audit.000001.jsonl"));
  expect(size).toBeGreaterThan(30_000);
  // the last try may have left a part of a line; the next process cuts it off
  const { log, write } = openLog(join(folder, "audit"));
  await write(1);
  await log.shutdown();
  const { chains } = await verifyLog(join(folder, "audit"));
  expect(chains.map(({ name, problem }) => ({ name, problem }))).toEqual([
    { name: "audit", problem: undefined },
  ]);
});
