import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { auditFolder, eventIdsOf, problemsOf } from "../../../test/support/audit-files.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import { createEvent, type Event } from "../../events/index.ts";
import type { AuditLogSink } from "./audit-log-sink.ts";
import { type AuditLogOptions, createAuditLog } from "./create-audit-log.ts";

let folder: string;
let diagnostics: Diagnostics;
let sink: AuditLogSink;

beforeEach(async () => {
  folder = await auditFolder();
  diagnostics = createDiagnostics({ write: () => {} });
});
afterEach(async () => {
  await sink.shutdown?.();
  await rm(folder, { recursive: true });
});

function create(options: Partial<AuditLogOptions> = {}): AuditLogSink {
  sink = createAuditLog({
    maxInMemory: 10,
    path: join(folder, "log"),
    key: undefined,
    fsync: "interval",
    fsyncIntervalMs: 1_000,
    maxSizeBytes: 1_000_000,
    maxFiles: undefined,
    maxAgeDays: undefined,
    maxQueueSize: 3,
    shutdownLimitMs: 5_000,
    diagnostics,
    ...options,
  });
  return sink;
}

function publish(): Event {
  const event = createEvent("system_started", { version: "1" }, Date.now());
  sink.handle(event);
  return event;
}

function dropped(): Record<string, number> {
  const counters = [...diagnostics.counters.dropped.values()];
  return Object.fromEntries(counters.map(({ reason, count }) => [reason, count]));
}

describe("the audit log of a process", () => {
  it("goes before what counts and shows events", () => {
    expect(create()).toMatchObject({ name: "audit", priority: 10 });
  });

  it("is in memory without a folder", async () => {
    const { log } = create({ path: undefined });
    const event = publish();
    expect((await log.query()).records).toEqual([{ sequence: 1, event }]);
    expect([await log.forceFlush(), log.head()]).toEqual([undefined, undefined]);
  });

  it("has in its files what was published before they were opened", async () => {
    const { log } = create();
    const events = [publish(), publish()];
    expect(sink.health?.()).toEqual({ state: "unknown" });
    const head = await log.forceFlush();
    expect(head).toEqual({ chain: "audit", sequence: 2, hash: expect.any(String) });
    expect(sink.health?.()).toEqual({ state: "ok", details: head });
    expect(await eventIdsOf(join(folder, "log"))).toEqual(events.map(({ id }) => id));
    expect(Object.fromEntries(diagnostics.counters.exported)).toEqual({ audit: 2 });
  });

  it("writes what waits when it is closed, and counts what comes after", async () => {
    create();
    const event = publish();
    await sink.shutdown?.();
    publish();
    expect(await eventIdsOf(join(folder, "log"))).toEqual([event.id]);
    expect(await problemsOf(join(folder, "log"))).toEqual([]);
    expect(dropped()).toEqual({ closed: 1 });
  });

  it("counts what it has no room for", async () => {
    create();
    for (let count = 0; count < 5; count += 1) publish();
    await sink.forceFlush?.();
    expect(dropped()).toEqual({ queue_full: 2 });
  });

  it("never rejects when it is flushed or closed, and says what it lost", async () => {
    await writeFile(join(folder, "log"), "in the way");
    const { log } = create();
    publish();
    await sink.forceFlush?.();
    expect(sink.health?.().state).toBe("failing");
    await expect(log.forceFlush()).rejects.toMatchObject({ code: "EEXIST" });
    await sink.shutdown?.();
    expect(dropped()).toEqual({ write_failed: 1 });
  });

  it("gives up at its limit, and counts what is not written then", async () => {
    create();
    publish();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const closed = sink.shutdown?.();
    vi.advanceTimersByTime(5_000);
    vi.useRealTimers();
    await closed;
    expect(dropped()).toEqual({ shutdown_timeout: 1 });
  });
});
