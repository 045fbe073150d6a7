import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { createEvent, type Event } from "../events/index.ts";
import type { Link, LinkListener } from "./link.ts";
import {
  type EventBatch,
  type RecordingOptions,
  type RecordingStart,
  type Report,
  TAKEN,
  type ToRecording,
} from "./protocol.ts";
import { Recorder } from "./recorder.ts";
import type { Tally } from "./tally.ts";

const MAX_QUEUE_SIZE = 1_000;
const options = {
  audit: { maxQueueSize: MAX_QUEUE_SIZE, fsync: "interval" },
  store: { maxQueueSize: 10 },
} as RecordingOptions;
const NOTHING: Report = {
  kind: "report",
  exported: [],
  dropped: [],
  logged: 0,
  warnings: [],
  health: {},
  head: undefined,
};

/** A thread that takes nothing and answers nothing but what the test says. */
interface Thread {
  readonly start: RecordingStart;
  readonly listener: LinkListener;
  readonly received: ToRecording[];
  readonly end: ReturnType<typeof vi.fn<() => Promise<void>>>;
}

let threads: Thread[];
let said: string[];
let diagnostics: Diagnostics;
let remote: Event[];
let recorder: Recorder;
let audit: Tally;
let store: Tally;

beforeEach(() => {
  vi.useFakeTimers();
  threads = [];
  said = [];
  remote = [];
  diagnostics = createDiagnostics({ write: (line) => void said.push(line) });
  recorder = new Recorder({
    options,
    diagnostics,
    publishRemote: (event) => void remote.push(event),
    open: async (start, listener) => openThread(start, listener),
  });
  audit = recorder.enter("audit");
  store = recorder.enter("event-store");
});
afterEach(() => {
  vi.useRealTimers();
});

function openThread(start: RecordingStart, listener: LinkListener): Link {
  const received: ToRecording[] = [];
  const end = vi.fn(async () => {});
  threads.push({ start, listener, received, end });
  return { isThread: true, send: (message) => void received.push(message), end };
}

function thread(index = threads.length - 1): Thread {
  const found = threads[index];
  if (found === undefined) throw new Error("no thread was started");
  return found;
}

function publish(count: number): readonly Event[] {
  return Array.from({ length: count }, () => {
    const event = createEvent("system_started", { version: "1" }, 0);
    recorder.add(audit, event);
    recorder.add(store, event);
    return event;
  });
}

function batches(from = thread()): EventBatch[] {
  return from.received.filter((message) => message.kind === "events");
}

function idsIn(from = thread()): string[] {
  return batches(from).flatMap(({ events }) => events.map(({ id }) => id));
}

/** The thread has taken all that it was sent, and tells what became of `done` of them. */
function takeAll(done: number, { start, listener } = thread()): void {
  Atomics.store(start.progress, TAKEN, idsIn().length);
  const exported = [
    ["audit", done],
    ["event-store", done],
  ] as const;
  listener.onMessage({ ...NOTHING, exported });
}

function answerLast(value: unknown): void {
  const asked = thread().received.findLast((message) => message.kind === "ask");
  if (asked === undefined) throw new Error("nothing was asked");
  thread().listener.onMessage({ kind: "answer", id: asked.id, value });
}

/** What it rejects with, which is looked at later. */
function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "it succeeded",
    (error: unknown) => (error instanceof Error ? error.message : error),
  );
}

const lost = () =>
  Object.fromEntries(
    [...diagnostics.counters.dropped.values()].map(({ destination, reason, count }) => [
      `${destination}:${reason}`,
      count,
    ]),
  );

test("nothing is started before there is something to record", () => {
  expect(threads).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("events go together, in order, after a few milliseconds", async () => {
  const events = publish(3);
  await vi.advanceTimersByTimeAsync(0);
  expect(idsIn()).toEqual(events.map(({ id }) => id));
  const more = publish(2);
  await vi.advanceTimersByTimeAsync(9);
  expect(batches()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(batches()[1]).toEqual({ kind: "events", events: more, masks: [3, 3], gaps: [] });
});

test("what is published without a pause is handed on in between", async () => {
  publish(1);
  await vi.advanceTimersByTimeAsync(0);
  publish(600);
  expect(batches().map(({ events }) => events.length)).toEqual([1, 256, 256]);
});

test("what was published before a question is there before it", async () => {
  const [event] = publish(1);
  const asked = recorder.ask(1_000, "flushAuditLog");
  await vi.advanceTimersByTimeAsync(0);
  publish(1);
  const head = { chain: "audit", sequence: 1, hash: "f" };
  expect(thread().received.map(({ kind }) => kind)).toEqual(["events", "ask"]);
  expect(batches()[0]?.events).toEqual([event]);
  answerLast(head);
  expect(await asked).toEqual(head);
});

test("a question that nobody answers is given up in time", async () => {
  const asked = failureOf(recorder.ask(1_000, "queryAuditLog", {}));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await asked).toBe("no answer within 1000 ms");
  expect(vi.getTimerCount()).toBe(0);
});

test("past what may wait, events are counted as lost for each sink, and the audit log has a gap there", async () => {
  publish(1);
  await vi.advanceTimersByTimeAsync(0);
  publish(MAX_QUEUE_SIZE + 4);
  expect(lost()).toEqual({ "audit:queue_full": 5, "event-store:queue_full": 5 });

  takeAll(0);
  const [after] = publish(1);
  await vi.advanceTimersByTimeAsync(10);
  const last = batches().at(-1);
  expect(last?.events.at(-1)).toBe(after);
  expect(last?.gaps).toEqual([[(last?.events.length ?? 0) - 1, 5]]);
  expect(idsIn()).toHaveLength(MAX_QUEUE_SIZE + 1);
});

test("a report is counted and said here, and has the last word on health and head", async () => {
  publish(2);
  await vi.advanceTimersByTimeAsync(0);
  const head = { chain: "audit", sequence: 2, hash: "f" };
  thread().listener.onMessage({
    kind: "report",
    exported: [["audit", 2]],
    dropped: [["event-store", "rejected", 1]],
    logged: 0,
    warnings: [["event-store", "write", "no answer"]],
    health: { audit: { state: "ok" }, "event-store": { state: "failing", lastError: "no" } },
    head,
  });
  expect(diagnostics.counters.exported).toEqual(new Map([["audit", 2]]));
  expect(lost()).toEqual({ "event-store:rejected": 1 });
  expect(said).toEqual(["[rlm-obs] event-store: no answer"]);
  expect(recorder.health(audit)).toEqual({ state: "ok" });
  expect(recorder.health(store)).toEqual({ state: "failing", lastError: "no" });
  expect(recorder.head).toEqual(head);
});

test("events of other instances are published", async () => {
  publish(1);
  await vi.advanceTimersByTimeAsync(0);
  const event = createEvent("system_started", { version: "2" }, 0);
  thread().listener.onMessage({ kind: "remote", events: [event] });
  expect(remote).toEqual([event]);
});

test("a thread that ends is started again: what it had not told of is lost and said so, what had not left is kept", async () => {
  publish(10);
  await vi.advanceTimersByTimeAsync(0);
  takeAll(7);
  const kept = publish(2);
  const asked = failureOf(recorder.ask(1_000, "flushAuditLog"));
  // what was not handed on with the question
  await vi.advanceTimersByTimeAsync(0);
  const later = publish(1);
  thread().listener.onEnd("ERR_WORKER_OUT_OF_MEMORY");
  expect(await asked).toBe("the thread that records events has ended");
  expect(lost()).toEqual({ "audit:thread_ended": 5, "event-store:thread_ended": 5 });
  expect(recorder.health(audit).lastError).toContain("ERR_WORKER_OUT_OF_MEMORY");
  expect(said).toEqual([
    expect.stringMatching(
      /^\[rlm-obs\] recorder: the thread .+ has ended \(ERR_WORKER_OUT_OF_MEMORY\)/,
    ),
  ]);
  await vi.advanceTimersByTimeAsync(100);
  expect(threads).toHaveLength(2);
  expect(batches()).toEqual([{ kind: "events", events: later, masks: [3], gaps: [[0, 5]] }]);
  expect(idsIn(thread(0)).slice(-2)).toEqual(kept.map(({ id }) => id));
  expect(recorder.health(audit).state).not.toBe("failing");
});

test("one that ends again and again is waited for longer each time", async () => {
  publish(1);
  await vi.advanceTimersByTimeAsync(0);
  for (let failure = 1; failure <= 8; failure += 1) {
    thread().listener.onEnd("ended");
    await vi.advanceTimersByTimeAsync(Math.min(100 * 2 ** (failure - 1), 5_000) / 2 - 1);
    expect(threads).toHaveLength(failure);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(threads).toHaveLength(failure + 1);
  }
});

test("when the last sink is closed the thread ends, and what comes then is counted", async () => {
  publish(1);
  await vi.advanceTimersByTimeAsync(0);
  const closing = [recorder.close(audit, 1_000), recorder.close(store, 1_000)];
  await vi.advanceTimersByTimeAsync(0);
  for (const message of thread().received) {
    if (message.kind !== "ask") continue;
    expect(thread().end).not.toHaveBeenCalled();
    takeAll(1);
    thread().listener.onMessage({ kind: "answer", id: message.id, value: undefined });
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(await Promise.all(closing)).toEqual([{ left: 0 }, { left: 0 }]);
  expect(thread().end).toHaveBeenCalledOnce();
  publish(1);
  expect(lost()).toEqual({ "audit:closed": 1, "event-store:closed": 1 });
  expect(vi.getTimerCount()).toBe(0);
});

test("a thread that does not answer is given up at the end, with what it had not told of", async () => {
  publish(3);
  await vi.advanceTimersByTimeAsync(0);
  takeAll(1);
  const closing = [recorder.close(audit, 1_000), recorder.close(store, 1_000)];
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await Promise.all(closing)).toEqual([{ left: 2 }, { left: 2 }]);
  takeAll(2);
  expect(lost()).toEqual({ "audit:shutdown_timeout": 2, "event-store:shutdown_timeout": 2 });
  expect(thread().end).toHaveBeenCalledOnce();
});

test("where nothing can be started, events are counted, and health says so", async () => {
  recorder = new Recorder({
    options,
    diagnostics,
    publishRemote: () => {},
    open: () => Promise.reject(new Error("no such file")),
  });
  audit = recorder.enter("audit");
  store = recorder.enter("event-store");
  publish(2);
  await vi.advanceTimersByTimeAsync(0);
  publish(1);
  expect(lost()).toEqual({ "audit:not_loaded": 3, "event-store:not_loaded": 3 });
  expect(recorder.health(store)).toEqual({
    state: "failing",
    lastError: "a part of it could not be loaded",
  });
  await expect(recorder.ask(1_000, "flushAuditLog")).rejects.toThrow("no such file");
});
