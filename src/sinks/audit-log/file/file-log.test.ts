import {
  appendFile,
  mkdir,
  open as openFile,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  auditFolder,
  bodiesOf,
  eventIdsOf,
  openLog,
  problemsOf,
  readLog,
  type TestedLog,
  verifyLog,
} from "../../../../test/support/audit-files.ts";
import { poll } from "../../../../test/support/poll.ts";
import { createEvent } from "../../../events/index.ts";

const KEY = "a key of the tests, long enough";

let folder: string;
let first: string;
let opened: TestedLog[];

beforeEach(async () => {
  folder = await auditFolder();
  first = join(folder, "audit.000001.jsonl");
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map(({ log }) => log.shutdown()));
  await rm(folder, { recursive: true });
});

function open(options?: Parameters<typeof openLog>[1]): TestedLog {
  const tested = openLog(folder, options);
  opened.push(tested);
  return tested;
}

const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);

describe("the files of an audit log", () => {
  it("hold a header and every event as it was published, in order", async () => {
    const { write } = open();
    const events = await write(600);
    const [header, ...records] = await bodiesOf(folder);
    expect(header).toEqual({
      chain: { version: 1, id: expect.any(String), segment: 1, algorithm: "sha256" },
    });
    expect(records).toEqual(events.map((event) => ({ event: JSON.parse(JSON.stringify(event)) })));
    expect(await problemsOf(folder)).toEqual([]);
  });

  it("can be read by this user alone", async () => {
    await open().write(1);
    expect((await stat(first)).mode & 0o777).toBe(0o600);
  });

  it("tie each line to the one before by a hash that sha256sum can check", async () => {
    const { write, log } = open();
    await write(2);
    const lines = (await readFile(first, "utf8")).trimEnd().split("\n");
    const { createHash } = await import("node:crypto");
    const hashes = lines.map((line) =>
      createHash("sha256")
        .update(line.replace(/,"hash":"[0-9a-f]{64}"\}$/, ""))
        .digest("hex"),
    );
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed.map(({ hash }) => hash)).toEqual(hashes);
    expect(parsed.map(({ prev }) => prev)).toEqual(["0".repeat(64), ...hashes.slice(0, -1)]);
    expect(log.head).toEqual({ chain: "audit", sequence: 2, hash: hashes.at(-1) });
  });

  it("are gone on with by the next process", async () => {
    const before = open();
    const events = [...(await before.write(3))];
    await before.log.shutdown();
    events.push(...(await open().write(3)));
    expect([...(await readLog(folder)).keys()]).toEqual(["audit.000001.jsonl"]);
    expect(await eventIdsOf(folder)).toEqual(ids(events));
    expect(await problemsOf(folder)).toEqual([]);
  });

  it("never go back in time, whatever the clocks say", async () => {
    let now = 5_000;
    const { record, log } = open({ now: () => now });
    record("s", 9_000.5);
    await log.forceFlush();
    now = 4_000;
    record("s", 4_000);
    await log.forceFlush();
    const lines = (await readFile(first, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { at: number }).at)).toEqual([
      5_000, 9_001, 9_001,
    ]);
  });

  it("are followed by the next one when they are full", async () => {
    const { write } = open({ maxSizeBytes: 4_096 });
    const events = [];
    for (let round = 0; round < 9; round += 1) events.push(...(await write(8)));
    const files = await readLog(folder);
    expect(files.size).toBeGreaterThan(3);
    expect(await eventIdsOf(folder)).toEqual(ids(events));
    expect(await problemsOf(folder)).toEqual([]);
  });

  it("are written as soon as the process is not busy, without being asked", async () => {
    const event = open().record();
    const found = async () => (await eventIdsOf(folder)).length > 0;
    await poll("the event", found);
    expect(await eventIdsOf(folder)).toEqual([event.id]);
  });

  it("say in the place of an event that has no JSON that it is missing", async () => {
    const { queue, write, dropped } = open();
    const metadata = { amount: 1n } as never;
    queue.push(createEvent("session_updated", { metadata }, 1));
    await write(1);
    expect((await bodiesOf(folder))[1]).toEqual({
      note: { kind: "lost", reason: "not_serializable", events: 1 },
    });
    expect(dropped()).toEqual({ not_serializable: 1 });
  });

  it("say where events are missing that there was no room for", async () => {
    const { record, log, write, dropped } = open({ maxQueueSize: 3 });
    const kept = [record(), record(), record()];
    record();
    record();
    await log.forceFlush();
    kept.push(...(await write(1)));
    expect((await bodiesOf(folder)).slice(4)).toEqual([
      { note: { kind: "lost", reason: "queue_full", events: 2 } },
      { event: expect.objectContaining({ id: kept[3]?.id }) },
    ]);
    expect(await eventIdsOf(folder)).toEqual(ids(kept));
    expect(dropped()).toEqual({ queue_full: 2 });
    expect((await verifyLog(folder)).chains[0]?.tally).toMatchObject({ events: 4, lostEvents: 2 });
  });
});

describe("a log that was left in the middle of a line", () => {
  it.each([1, 70, 200])("goes on after the last whole one, and says so: %d bytes", async (cut) => {
    const before = open();
    const events = await before.write(3);
    await before.log.shutdown();
    const { size } = await stat(first);
    await truncate(first, size - cut);
    expect(await problemsOf(folder)).toEqual([
      expect.stringMatching(/^audit\.000001\.jsonl:4: the last line is not whole/),
    ]);
    const [last] = await open().write(1);
    expect(await eventIdsOf(folder)).toEqual([...ids(events.slice(0, 2)), last?.id]);
    expect((await bodiesOf(folder))[3]).toEqual({
      note: { kind: "cut", bytes: expect.any(Number) },
    });
    expect(await problemsOf(folder)).toEqual([]);
  });

  it("goes on when not even the first header was finished", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(first, '{"seq":0,"at":17');
    const [event] = await open().write(1);
    expect(await eventIdsOf(folder)).toEqual([event?.id]);
    expect(await problemsOf(folder)).toEqual([]);
  });

  it.each(["", '{"seq":9,"at"'])(
    "goes on in a next file that was just created: %j",
    async (text) => {
      const before = open();
      const events = await before.write(2);
      await before.log.shutdown();
      await writeFile(join(folder, "audit.000002.jsonl"), text);
      events.concat(await open().write(2));
      expect((await readLog(folder)).size).toBe(2);
      expect(await eventIdsOf(folder)).toHaveLength(4);
      expect(await problemsOf(folder)).toEqual([]);
    },
  );
});

describe("a log that is not as it was left", () => {
  const damages: [string, (text: string) => string][] = [
    ["a record was edited", (text) => text.replace('"userId":"u"', '"userId":"v"')],
    ["a record was taken out", (text) => text.split("\n").toSpliced(2, 1).join("\n")],
    ["something was added", (text) => `${text}hello\n`],
    ["something was added without an end", (text) => `${text}hello`],
    ["its header was edited", (text) => text.replace('{"seq":0', '{"seq":7')],
    ["it is something else", () => "hello"],
    ["it is something else, with an end", () => "hello\n"],
    ["it has no header", (text) => text.split("\n").slice(1).join("\n")],
  ];

  it.each(damages)("is not touched, and another is begun: %s", async (_, damage) => {
    const before = open();
    await before.write(3);
    await before.log.shutdown();
    const damaged = damage(await readFile(first, "utf8"));
    await writeFile(first, damaged);
    const { write, said, log } = open();
    const [event] = await write(1);
    expect(await readFile(first, "utf8")).toBe(damaged);
    expect(log.head?.chain).toBe("audit-2");
    expect(await eventIdsOf(folder)).toContain(event?.id);
    expect(said).toEqual([expect.stringMatching(/audit\.000001\.jsonl is not written to: /)]);
    expect(await problemsOf(folder)).toEqual([expect.stringMatching(/^audit\.000001\.jsonl:\d: /)]);
  });

  it("is never cut or written to, whatever is in its place", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (bytes) => {
        fc.pre(bytes[0] !== 0);
        await rm(folder, { recursive: true });
        await mkdir(folder);
        await writeFile(first, bytes);
        const { write, log } = openLog(folder);
        await write(1);
        await log.shutdown();
        expect([...(await readFile(first))]).toEqual([...bytes]);
        expect(await problemsOf(folder)).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  }, 30_000);

  it("is not gone on with under another key", async () => {
    const before = open();
    await before.write(1);
    await before.log.shutdown();
    const { write, log, said } = open({ key: KEY });
    await write(1);
    expect(log.head?.chain).toBe("audit-2");
    expect(said.join()).toContain("another key");
    expect(said.join()).not.toContain(KEY);
  });
});

describe("two processes with one folder", () => {
  it("write a chain each, and both are found", async () => {
    const [one, other] = [open(), open()];
    await one.write(1);
    await other.write(1);
    await one.write(1);
    expect([one.log.head?.chain, other.log.head?.chain]).toEqual(["audit", "audit-2"]);
    expect([...(await readLog(folder)).keys()]).toEqual([
      "audit-2.000001.jsonl",
      "audit.000001.jsonl",
    ]);
    expect(await problemsOf(folder)).toEqual([]);
    expect((await one.log.query()).records).toHaveLength(3);
  });

  it("leave a chain to the next one when they end", async () => {
    const one = open();
    await one.write(1);
    await one.log.shutdown();
    const other = open();
    await other.write(1);
    expect(other.log.head).toMatchObject({ chain: "audit", sequence: 2 });
  });

  it("leave it to the other when that has taken it over", async () => {
    const one = open();
    await one.write(1);
    await writeFile(
      join(folder, "audit.lock"),
      JSON.stringify({ token: "of another", pid: process.pid, machine: "m", started: "" }),
    );
    one.record();
    await expect(one.log.forceFlush()).rejects.toMatchObject({ code: "AUDIT_LOG_FAILING" });
    await one.write(1);
    expect(one.log.head?.chain).toBe("audit-2");
    expect(await eventIdsOf(folder)).toHaveLength(3);
  });
});

it("a disk that doesn't answer is a failing one, until it does", async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  let nowMs = 1_000;
  let isAsked = false;
  const { log, record } = open({
    now: () => nowMs,
    open: async (...file) => {
      isAsked = true;
      await answered;
      return openFile(...file);
    },
  });
  record();
  const flushed = log.forceFlush();
  await poll("it", () => isAsked);
  nowMs += 4_999;
  expect(log.health.state).toBe("unknown");
  nowMs += 1;
  expect(log.health).toMatchObject({
    state: "failing",
    lastError: `${folder} has not answered for 5 s; check audit.path. Events wait`,
  });
  answer();
  await flushed;
  expect(log.health.state).toBe("ok");
});

describe("a folder that can't be read", () => {
  it("is told to who queries it, with what to do", async () => {
    await writeFile(join(folder, "a-file"), "");
    const path = join(folder, "a-file");
    const { log } = openLog(path);
    await expect(log.query()).rejects.toMatchObject({
      code: "AUDIT_LOG_FAILING",
      message: `The audit log could not be read: ${path} (ENOTDIR); audit.path must be a folder.`,
    });
    await log.shutdown();
  });
});

describe("a file that somebody else handles while it is written", () => {
  it("is gone on from in a new one when it was deleted, and its events are counted", async () => {
    // looked at when it is flushed, and not before
    const { write, log, dropped, record } = open({ now: () => 1_000 });
    await write(3);
    await rm(first);
    record();
    await expect(log.forceFlush()).rejects.toThrow(/was removed by somebody else/);
    expect(log.health).toMatchObject({
      state: "failing",
      lastError: expect.stringContaining(first),
    });
    expect(dropped()).toEqual({ file_removed: 3 + 1 });
    const [event] = await write(1);
    expect(log.health.state).toBe("ok");
    expect((await bodiesOf(folder)).slice(1, 2)).toEqual([
      { note: { kind: "disturbed", segment: 1, what: "removed" } },
    ]);
    expect(await eventIdsOf(folder)).toContain(event?.id);
    expect(await problemsOf(folder)).toEqual([
      expect.stringMatching(/^audit\.000002\.jsonl:1: records 0 to 4 are missing before it/),
    ]);
  });

  it("is gone on from in the folder made again when that was deleted, and its events are counted", async () => {
    const { write, log, dropped, record } = open({ now: () => 1_000 });
    await write(3);
    await rm(folder, { recursive: true });
    record();
    await expect(log.forceFlush()).rejects.toThrow(/was removed by somebody else/);
    expect(log.health.state).toBe("failing");
    expect(dropped()).toEqual({ file_removed: 3 + 1 });
    const [event] = await write(1);
    expect(log.health.state).toBe("ok");
    expect(await eventIdsOf(folder)).toEqual([event?.id]);
  });

  it("whose folder can't be made again fails until it can; what waits is kept, and written then", async () => {
    const { write, log, dropped, record } = open({ now: () => 1_000 });
    await write(3);
    await rm(folder, { recursive: true });
    await writeFile(folder, "a file in its place");
    await expect(log.forceFlush()).rejects.toThrow(/was removed by somebody else/);
    const waiting = record();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(log.forceFlush()).rejects.toMatchObject({ code: "EEXIST" });
      await expect(log.query()).rejects.toMatchObject({ code: "AUDIT_LOG_FAILING" });
      expect(log.health.state).toBe("failing");
    }
    expect(dropped()).toEqual({ file_removed: 3 });
    await rm(folder);
    await log.forceFlush();
    expect(log.health.state).toBe("ok");
    expect(await eventIdsOf(folder)).toEqual([waiting.id]);
  });

  it("is left alone when it was moved, or written to", async () => {
    const { write, log } = open();
    await write(1);
    await rename(first, join(folder, "elsewhere"));
    await expect(log.forceFlush()).rejects.toThrow(/was replaced by somebody else/);
    await write(1);
    await appendFile(join(folder, "audit.000002.jsonl"), "x");
    await expect(log.forceFlush()).rejects.toThrow(/was changed by somebody else/);
    await write(1);
    expect([...(await readLog(folder)).keys()]).toEqual([
      "audit.000002.jsonl",
      "audit.000003.jsonl",
    ]);
  });
});

describe("retention", () => {
  it("deletes the oldest files, says so before, and what is left is proven", async () => {
    const { write } = open({ maxSizeBytes: 4_096, maxFiles: 3, fsync: "interval" });
    for (let round = 0; round < 10; round += 1) await write(10);
    const files = [...(await readLog(folder)).keys()];
    expect(files).toHaveLength(3);
    expect(files[0]).not.toBe("audit.000001.jsonl");
    expect(await problemsOf(folder)).toEqual([]);
    await rm(join(folder, files[0] ?? ""));
    expect(await problemsOf(folder)).toEqual([
      expect.stringMatching(/:1: records 0 to \d+ are missing before it, and no record says/),
    ]);
  });

  it("deletes files when all in them is too old", async () => {
    const dayMs = 86_400_000;
    let now = 1_000 * dayMs;
    const { write } = open({ maxAgeDays: 10, now: () => now });
    for (let day = 0; day < 30; day += 1) {
      await write(1, now);
      now += dayMs;
    }
    const files = await readLog(folder);
    const oldest = JSON.parse([...files.values()][0]?.split("\n")[0] ?? "") as { at: number };
    expect((now - oldest.at) / dayMs).toBeLessThanOrEqual(13);
    expect(files.size).toBeGreaterThan(4);
    expect(await problemsOf(folder)).toEqual([]);
  });
});
