import { open as openFile, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  auditFolder,
  bodiesOf,
  eventIdsOf,
  openLog,
  problemsOf,
  type TestedLog,
} from "../../../../test/support/audit-files.ts";
import { poll } from "../../../../test/support/poll.ts";
import type { OpenFile } from "./segment-file.ts";

/** What the disk does instead of what it is told. */
interface Disk {
  /** Bytes that it still takes. */
  roomBytes: number;
  failSync: boolean;
  /** Where bytes were put that were written before. */
  readonly rewritten: number[];
  syncs: number;
}

let folder: string;
let disk: Disk;
let tested: TestedLog;

beforeEach(async () => {
  folder = await auditFolder();
  disk = { roomBytes: Infinity, failSync: false, rewritten: [], syncs: 0 };
});
afterEach(async () => {
  await tested.log.shutdown();
  await rm(folder, { recursive: true });
});

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A real file on a disk that can be full, and that can fail to keep what it took. */
const open: OpenFile = async (path, flags, mode) => {
  const handle = await openFile(path, flags, mode);
  const write = handle.write.bind(handle);
  const datasync = handle.datasync.bind(handle);
  Object.assign(handle, {
    async write(bytes: Buffer, offset = 0, length = bytes.length - offset, position?: number) {
      if (position !== undefined) disk.rewritten.push(position);
      if (disk.roomBytes <= 0) throw failure("ENOSPC");
      const fits = Math.min(length, disk.roomBytes);
      disk.roomBytes -= fits;
      return write(bytes, offset, fits, position);
    },
    async datasync() {
      disk.syncs += 1;
      if (disk.failSync) throw failure("EIO");
      await datasync();
    },
  });
  return handle;
};

const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);

describe("a full disk", () => {
  it("keeps events waiting in order, and leaves no part of a line", async () => {
    tested = openLog(folder, { open });
    const events = [...(await tested.write(2))];
    disk.roomBytes = 100;
    events.push(tested.record(), tested.record());
    await expect(tested.log.forceFlush()).rejects.toMatchObject({ code: "ENOSPC" });
    expect(tested.log.health).toMatchObject({
      state: "failing",
      lastError: expect.stringMatching(/\(ENOSPC\); the disk is full: free some space/),
    });
    events.push(tested.record());
    disk.roomBytes = Infinity;
    await poll("it tries again", () => tested.log.health.state === "ok");
    await tested.log.forceFlush();
    expect(await eventIdsOf(folder)).toEqual(ids(events));
    expect(await problemsOf(folder)).toEqual([]);
    expect(tested.dropped()).toEqual({});
    expect(tested.said).toHaveLength(1);
  });

  it("keeps the header whole when the next file is begun", async () => {
    tested = openLog(folder, { open, maxSizeBytes: 4_096 });
    const events = [...(await tested.write(12))];
    disk.roomBytes = 40;
    events.push(tested.record());
    await expect(tested.log.forceFlush()).rejects.toMatchObject({ code: "ENOSPC" });
    disk.roomBytes = Infinity;
    await tested.log.forceFlush();
    expect(await eventIdsOf(folder)).toEqual(ids(events));
    expect(await problemsOf(folder)).toEqual([]);
  });

  it("loses what doesn't fit into the queue, and the file says where", async () => {
    tested = openLog(folder, { open, maxQueueSize: 4 });
    await tested.write(1);
    disk.roomBytes = 0;
    for (let count = 0; count < 7; count += 1) tested.record();
    await expect(tested.log.forceFlush()).rejects.toThrow();
    disk.roomBytes = Infinity;
    await tested.write(1);
    expect((await bodiesOf(folder))[6]).toEqual({
      note: { kind: "lost", reason: "queue_full", events: 4 },
    });
    expect(tested.dropped()).toEqual({ queue_full: 4 });
  });

  it("counts at the end what it could not write", async () => {
    tested = openLog(folder, { open });
    await tested.write(1);
    disk.roomBytes = 0;
    tested.record();
    tested.record();
    await tested.log.shutdown();
    expect(tested.dropped()).toEqual({ write_failed: 2 });
    expect(await problemsOf(folder)).toEqual([]);
  });
});

describe("a disk that does not keep what it took", () => {
  it("gets it again, at the same place, before anything is said to be there", async () => {
    tested = openLog(folder, { open, fsync: "interval", fsyncIntervalMs: 60_000 });
    await tested.write(1);
    const { size } = await stat(join(folder, "audit.000001.jsonl"));
    disk.failSync = true;
    const event = tested.record();
    await expect(tested.log.forceFlush()).rejects.toMatchObject({ code: "EIO" });
    expect(tested.log.health).toMatchObject({
      state: "failing",
      lastError: expect.stringContaining("(EIO); the disk does not take it"),
    });
    disk.failSync = false;
    await tested.log.forceFlush();
    expect(disk.rewritten).toEqual([size]);
    expect(tested.log.health.state).toBe("ok");
    expect((await eventIdsOf(folder)).at(-1)).toBe(event.id);
    expect(await problemsOf(folder)).toEqual([]);
  });
});

describe("the policy", () => {
  it("each brings every record to the disk without being asked", async () => {
    tested = openLog(folder, { open, fsync: "each" });
    tested.record();
    await poll("a sync", () => disk.syncs > 0);
    expect(await eventIdsOf(folder)).toHaveLength(1);
  });

  it("interval brings many to the disk at once", async () => {
    tested = openLog(folder, { open, fsync: "interval", fsyncIntervalMs: 30 });
    for (let count = 0; count < 20; count += 1) tested.record();
    await poll("a sync", () => disk.syncs > 0);
    expect(disk.syncs).toBe(1);
    expect(await eventIdsOf(folder)).toHaveLength(20);
  });

  it("none never waits for the disk", async () => {
    tested = openLog(folder, { open, fsync: "none" });
    await tested.write(20);
    await tested.log.shutdown();
    expect(disk.syncs).toBe(0);
  });
});

describe("a folder that can't be", () => {
  it("is said, and taken as soon as it can", async () => {
    const path = join(folder, "in-the-way");
    await writeFile(path, "");
    tested = openLog(join(path, "audit"), { open });
    const event = tested.record();
    await expect(tested.log.forceFlush()).rejects.toMatchObject({ code: "ENOTDIR" });
    expect(tested.log.health).toMatchObject({
      state: "failing",
      lastError: expect.stringContaining("(ENOTDIR); audit.path must be a folder"),
    });
    await rm(path);
    await mkdir(path);
    await tested.log.forceFlush();
    expect(await eventIdsOf(join(path, "audit"))).toEqual([event.id]);
  });
});
