import { beforeEach, describe, expect, it } from "vitest";
import { createEvent, type Event } from "../../events/index.ts";
import type { AuditQuery } from "./audit-log.ts";
import { MemoryLog } from "./memory-log.ts";

const CAPACITY = 5;

let log: MemoryLog;

beforeEach(() => {
  log = new MemoryLog(CAPACITY);
});

function record(atMs: number, sessionId?: string): Event {
  const event = createEvent("session_updated", {}, atMs, { sessionId });
  log.record(event);
  return event;
}

async function sequences(query?: AuditQuery): Promise<number[]> {
  return (await log.query(query)).records.map(({ sequence }) => sequence);
}

describe("the audit log in memory", () => {
  it("holds the events themselves, newest first", async () => {
    const events = [record(1), record(2)];
    const { records } = await log.query();
    expect(records).toEqual([
      { sequence: 2, event: events[1] },
      { sequence: 1, event: events[0] },
    ]);
    expect(records[0]?.event).toBe(events[1]);
  });

  it("forgets the oldest events past its size", async () => {
    for (let atMs = 1; atMs <= 12; atMs += 1) record(atMs);
    expect(await sequences()).toEqual([12, 11, 10, 9, 8]);
  });

  it("holds nothing when its size is 0", async () => {
    log = new MemoryLog(0);
    record(1);
    expect(await log.query()).toEqual({ records: [] });
  });

  it("finds by session, type and time", async () => {
    record(10, "a");
    record(20, "b");
    record(30, "a");
    log.record(createEvent("system_stopped", { lost: 0 }, 40, { sessionId: "a" }));
    expect(await sequences({ sessionId: "a" })).toEqual([4, 3, 1]);
    expect(await sequences({ sessionId: "a", eventType: "session_updated" })).toEqual([3, 1]);
    expect(await sequences({ since: 20, until: 40 })).toEqual([3, 2]);
  });

  it("gives pages that new events don't move", async () => {
    for (let atMs = 1; atMs <= 4; atMs += 1) record(atMs);
    const first = await log.query({ limit: 2 });
    expect(first.records.map(({ sequence }) => sequence)).toEqual([4, 3]);
    record(5);
    const second = await log.query({ limit: 2, cursor: first.nextCursor });
    expect(second.records.map(({ sequence }) => sequence)).toEqual([2, 1]);
    expect(second.nextCursor).toBeUndefined();
  });

  it.each<[AuditQuery, string]>([
    [null as never, "it must be an object"],
    [{ limit: 0 }, "`limit` must be a whole number from 1 to 1000"],
    [{ limit: 1001 }, "`limit` must be a whole number from 1 to 1000"],
    [{ limit: 1.5 }, "`limit` must be a whole number from 1 to 1000"],
    [{ since: Number.NaN }, "`since` must be a time in milliseconds since 1970"],
    [{ until: Infinity }, "`until` must be a time in milliseconds since 1970"],
    [{ eventType: "toString" as never }, "`eventType` must be one of the event types"],
    [
      { eventTypes: "agent_error" } as never,
      "`eventTypes` is no option; did you mean `eventType`?",
    ],
    [{ sessionId: 7 as never }, "`sessionId` must be a text"],
    [{ cursor: "x" }, "`cursor` must be the nextCursor of a page"],
  ])("refuses %o", async (query, problem) => {
    await expect(log.query(query)).rejects.toMatchObject({
      code: "QUERY_INVALID",
      message: `Query of the audit log: ${problem}.`,
    });
  });
});
