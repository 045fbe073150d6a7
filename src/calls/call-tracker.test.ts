import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { plainCall } from "../../test/support/llm-events.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import type { Around, Cost, Enclosure, Event } from "../events/index.ts";
import { CallTracker, type CallTrackerOptions } from "./call-tracker.ts";

const COST: Cost = { totalUsd: 3, inputUsd: 1, outputUsd: 2, source: "table", tableVersion: "t" };
const ANSWER = { finishReasons: ["stop"], toolCallsCount: 0, usage: { inputTokens: 1 } };
const CALL = { ...plainCall, context: { sessionId: "session-1" } };

let nowMs: number;
let events: Event[];
let problems: string[];
let diagnostics: Diagnostics;

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 1_000;
  events = [];
  problems = [];
  diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
});
afterEach(() => void vi.useRealTimers());

function enclosing(enclosure: Partial<Enclosure> = {}): Around {
  return { open: () => ({ run: (fn) => fn(), close: () => {}, ...enclosure }) };
}

function tracker(options: Partial<CallTrackerOptions> = {}): CallTracker {
  return new CallTracker({
    publish: (event) => void events.push(event),
    around: enclosing(),
    price: () => undefined,
    diagnostics,
    idleLimitMs: 10_000,
    now: () => nowMs,
    ...options,
  });
}

describe("events", () => {
  it("come as a pair with the same links; the second names the first as its cause", () => {
    const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16) };
    const operation = tracker({ around: enclosing(ids) }).open(CALL);
    nowMs = 1_500;
    operation.end({ outcome: "success" });
    operation.end({ outcome: "success" });
    const [started, completed, ...more] = events;
    expect(more).toEqual([]);
    const links = { sessionId: "session-1", correlationId: expect.any(String) as string, ...ids };
    expect(started).toEqual({
      id: expect.any(String) as string,
      type: "llm_request_started",
      category: "llm",
      timestamp: 1_000,
      ...links,
      data: CALL,
    });
    expect(completed).toMatchObject({
      type: "llm_request_completed",
      timestamp: 1_500,
      ...links,
      correlationId: started?.correlationId,
      causationId: started?.id,
      data: { outcome: "success", durationMs: 500 },
    });
    expect(completed?.id).not.toBe(started?.id);
  });

  it("of a failure hold its outcome and error type, and no links that there are not", () => {
    tracker().open(plainCall).end({ outcome: "aborted", errorType: "signal" });
    expect(events[1]).toMatchObject({
      type: "llm_request_failed",
      data: { outcome: "aborted", errorType: "signal" },
    });
    for (const key of ["sessionId", "traceId", "spanId"]) expect(events[1]).not.toHaveProperty(key);
  });

  it("close the enclosure with the event that ends the operation, before it is published", () => {
    const order: string[] = [];
    const around = enclosing({ close: ({ type }) => void order.push(`closed by ${type}`) });
    const publish = (event: Event) => void order.push(event.type);
    tracker({ around, publish }).open(CALL).end({ outcome: "success" });
    expect(order).toEqual([
      "llm_request_started",
      "closed by llm_request_completed",
      "llm_request_completed",
    ]);
  });
});

describe("price", () => {
  it("is asked for once, with usage and time, and put on the event", () => {
    const price = vi.fn(() => COST);
    const operation = tracker({ price }).open(CALL);
    nowMs = 2_000;
    operation.end({ outcome: "success" }, ANSWER);
    expect(events[1]).toMatchObject({ data: { cost: COST, usage: ANSWER.usage } });
    expect(price).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ model: "gpt-4o" }),
      ANSWER.usage,
      2_000,
    );
  });

  it("is not asked for without usage, and missing where it is unknown", () => {
    const price = vi.fn(() => undefined);
    tracker({ price }).open(CALL).end({ outcome: "success" });
    expect(price).not.toHaveBeenCalled();
    tracker({ price }).open(CALL).end({ outcome: "success" }, ANSWER);
    expect(events[3]?.data).toHaveProperty("cost", undefined);
  });

  it("that throws is reported without its message, and missing", () => {
    const price = () => {
      throw new RangeError("secret");
    };
    tracker({ price }).open(CALL).end({ outcome: "success" }, ANSWER);
    expect(events[1]?.data).toHaveProperty("cost", undefined);
    expect(problems.join()).toContain("RangeError");
    expect(problems.join()).not.toContain("secret");
  });
});

describe("an enclosure that throws", () => {
  const boom = () => {
    throw new Error("around");
  };

  it("when it closes is counted, and the event goes out all the same", () => {
    const operation = tracker({ around: enclosing({ close: boom }) }).open(CALL);
    expect(() => operation.end({ outcome: "success" })).not.toThrow();
    expect(events.map(({ type }) => type)).toEqual([
      "llm_request_started",
      "llm_request_completed",
    ]);
    expect(diagnostics.counters.handlerErrors).toEqual(new Map([["around", 1]]));
    expect(problems).toHaveLength(1);
  });

  it.each<[string, Enclosure["run"]]>([
    ["before", boom],
    ["after", (fn) => (fn(), boom())],
    ["instead", () => undefined as never],
    ["twice", (fn) => (fn(), fn())],
  ])("%s the call runs it exactly once all the same", (_when, run) => {
    let count = 0;
    const operation = tracker({ around: enclosing({ run }) }).open(CALL);
    expect(operation.run(() => (count += 1))).toBe(1);
    expect(count).toBe(1);
  });

  it("leaves the call its own error", () => {
    const mine = new Error("mine");
    const operation = tracker().open(CALL);
    expect(() =>
      operation.run(() => {
        throw mine;
      }),
    ).toThrow(mine);
    expect(diagnostics.counters.handlerErrors.size).toBe(0);
  });
});

describe("the idle sweep", () => {
  it("ends answers that nobody reads as abandoned, and no others", () => {
    const calls = tracker();
    const read = calls.open(CALL);
    const unread = calls.open(CALL);
    const unanswered = calls.open(CALL);
    for (const operation of [read, unread, unanswered]) operation.attemptSent();
    for (const operation of [read, unread]) operation.attemptAnswered(200);
    nowMs += 9_000;
    read.progressed(1);
    nowMs += 1_000;
    vi.advanceTimersByTime(10_000);
    expect(unread.ended).toBe(true);
    expect([read.ended, unanswered.ended]).toEqual([false, false]);
    expect(events.at(-1)).toMatchObject({ data: { outcome: "abandoned", errorType: "idle" } });
    expect(calls.openCount).toBe(2);
  });

  it("leaves an SDK that backs off before a retry alone, however long that takes", () => {
    const calls = tracker();
    const operation = calls.open(CALL);
    operation.attemptSent();
    operation.attemptRefused(429);
    nowMs += 60_000;
    vi.advanceTimersByTime(60_000);
    expect(operation.ended).toBe(false);
    operation.attemptSent();
    operation.attemptAnswered(200);
    operation.end({ outcome: "success" });
    expect(events.at(-1)).toMatchObject({
      data: { attempts: [{ result: "429" }, { result: "ok" }] },
    });
  });

  it("has one timer, only while something is open", () => {
    const calls = tracker();
    expect(vi.getTimerCount()).toBe(0);
    const operations = [calls.open(CALL), calls.open(CALL)];
    expect(vi.getTimerCount()).toBe(1);
    for (const operation of operations) operation.end({ outcome: "success" });
    vi.advanceTimersByTime(10_000);
    expect(vi.getTimerCount()).toBe(0);
    calls.open(CALL);
    expect(vi.getTimerCount()).toBe(1);
  });
});

describe("shutdown", () => {
  it("ends what is under way as abandoned and says how much that was, once", () => {
    const calls = tracker();
    calls.open(CALL);
    calls.open(CALL).end({ outcome: "success" });
    expect(calls.shutdown()).toBe(1);
    expect(events.at(-1)).toMatchObject({ data: { outcome: "abandoned", errorType: "shutdown" } });
    expect(calls.shutdown()).toBe(0);
    expect(calls.openCount).toBe(0);
    expect(calls.stopped).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it("has a timer that does not keep the process alive", () => {
  vi.useRealTimers();
  const setInterval = vi.spyOn(globalThis, "setInterval");
  const calls = tracker();
  calls.open(CALL);
  const timer = setInterval.mock.results[0]?.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  calls.shutdown();
  setInterval.mockRestore();
});

describe("a failure that its sender may repeat", () => {
  const LAPSE = { ending: { outcome: "error", errorType: "429" }, limitMs: 1_500 } as const;

  it("is told when nobody has repeated it in time, as of when it happened", () => {
    const calls = tracker();
    const operation = calls.open(CALL);
    operation.attemptSent();
    nowMs = 1_100;
    calls.lapse(operation, LAPSE);
    nowMs = 2_600;
    vi.advanceTimersByTime(1_499);
    expect(events).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(calls.openCount).toBe(0);
    expect(events[1]).toMatchObject({
      type: "llm_request_failed",
      timestamp: 1_100,
      data: { outcome: "error", errorType: "429", durationMs: 100 },
    });
  });

  it("is not told when it was repeated", () => {
    const calls = tracker();
    const operation = calls.open(CALL);
    operation.attemptSent();
    calls.lapse(operation, LAPSE);
    operation.attemptSent();
    vi.advanceTimersByTime(10_000);
    operation.attemptAnswered(200);
    operation.end({ outcome: "success" }, ANSWER);
    expect(events.map(({ type }) => type)).toEqual([
      "llm_request_started",
      "llm_request_completed",
    ]);
  });

  it("that can't be told is counted as lost", () => {
    const refusing = (event: Event) => {
      if (event.type === "llm_request_failed") throw new Error("a publisher");
    };
    const calls = tracker({ publish: refusing });
    const operation = calls.open(CALL);
    operation.attemptSent();
    calls.lapse(operation, LAPSE);
    expect(() => vi.advanceTimersByTime(2_000)).not.toThrow();
    expect(diagnostics.counters.dropped.get("calls\u0000not_observed")?.count).toBe(1);
  });

  it("is told at shutdown, as the failure that it was", () => {
    const calls = tracker();
    const operation = calls.open(CALL);
    operation.attemptSent();
    calls.lapse(operation, LAPSE);
    calls.shutdown();
    expect(events[1]).toMatchObject({ data: { outcome: "error", errorType: "429" } });
  });
});
