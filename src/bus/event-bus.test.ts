import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { plainCall } from "../../test/support/llm-events.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { createEvent, type Event } from "../events/index.ts";
import { createEventBus, type EventBus } from "./event-bus.ts";

const started = createEvent("llm_request_started", plainCall, 1_000);
const problem = createEvent("system_error", { component: "test", message: "" }, 2_000);

let problems: string[];
let diagnostics: Diagnostics;
let bus: EventBus;
let calls: string[];

beforeEach(() => {
  problems = [];
  calls = [];
  diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  bus = createEventBus(diagnostics);
});

function subscribe(name: string, options: { priority?: number; run?: () => unknown } = {}) {
  const { priority, run = () => {} } = options;
  return bus.subscribe({
    name,
    ...(priority !== undefined && { priority }),
    handle: () => {
      calls.push(name);
      return run() as void;
    },
  });
}

describe("delivery", () => {
  it("hands the very event to every subscriber before publish() returns", () => {
    const seen: Event[] = [];
    for (const name of ["a", "b"])
      bus.subscribe({ name, handle: (event) => void seen.push(event) });
    bus.publish(started);
    expect(seen).toHaveLength(2);
    expect(seen.every((event) => event === started)).toBe(true);
  });

  it("goes by priority, highest first, and by order of subscription among equals", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 12 }), (priorities) => {
        const order: number[] = [];
        const local = createEventBus(diagnostics);
        for (const [index, priority] of priorities.entries()) {
          local.subscribe({ name: "x", priority, handle: () => void order.push(index) });
        }
        local.publish(started);
        const expected = [...priorities.keys()].toSorted(
          (a, b) => (priorities[b] ?? 0) - (priorities[a] ?? 0) || a - b,
        );
        expect(order).toEqual(expected);
      }),
    );
  });

  it("counts a missing priority as 0", () => {
    subscribe("below", { priority: -1 });
    subscribe("none");
    subscribe("above", { priority: 1 });
    bus.publish(started);
    expect(calls).toEqual(["above", "none", "below"]);
  });

  it("hands a subscriber the types that it asked for, and none for an empty list", () => {
    const seen: string[] = [];
    bus.subscribe({ name: "all", handle: ({ type }) => void seen.push(`all ${type}`) });
    bus.subscribe({
      name: "some",
      types: ["system_error"],
      handle: ({ type }) => void seen.push(`some ${type}`),
    });
    bus.subscribe({ name: "none", types: [], handle: () => void seen.push("none") });
    bus.publish(started);
    bus.publish(problem);
    expect(seen).toEqual(["all llm_request_started", "all system_error", "some system_error"]);
  });
});

describe("a handler that fails", () => {
  it.each([
    [
      "throws",
      () => {
        throw new TypeError("secret prompt");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("secret prompt"))],
  ])("that %s is counted and reported once, and disturbs nobody", async (_how, run) => {
    subscribe("bad", { priority: 1, run });
    subscribe("good");
    expect(() => {
      bus.publish(started);
      bus.publish(started);
    }).not.toThrow();
    await new Promise(setImmediate);
    expect(calls).toEqual(["bad", "good", "bad", "good"]);
    expect(diagnostics.counters.handlerErrors).toEqual(new Map([["bad", 2]]));
    expect(bus.statistics).toMatchObject({ successfulHandlers: 2, failedHandlers: 2 });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("TypeError");
    expect(problems[0]).not.toContain("secret");
  });

  it("may throw what is no error", () => {
    subscribe("bad", {
      run: () => {
        // oxlint-disable-next-line typescript/only-throw-error -- what handlers of others may do
        throw "a string";
      },
    });
    bus.publish(started);
    expect(diagnostics.counters.handlerErrors.get("bad")).toBe(1);
  });
});

describe("unsubscribing", () => {
  it("ends delivery, and may be done twice", () => {
    const unsubscribe = subscribe("a");
    bus.publish(started);
    unsubscribe();
    unsubscribe();
    bus.publish(started);
    expect(calls).toEqual(["a"]);
  });

  it("ends one of two equal subscriptions, however often it is called", () => {
    const subscription = { name: "same", handle: () => void calls.push("same") };
    const unsubscribe = bus.subscribe(subscription);
    bus.subscribe(subscription);
    unsubscribe();
    unsubscribe();
    bus.publish(started);
    expect(calls).toEqual(["same"]);
  });

  it("by a handler, of itself, leaves its siblings their event", () => {
    const unsubscribe = subscribe("once", { priority: 1, run: () => unsubscribe() });
    subscribe("sibling");
    bus.publish(started);
    bus.publish(started);
    expect(calls).toEqual(["once", "sibling", "sibling"]);
  });

  it("by a handler, of a later one, takes effect at once", () => {
    subscribe("first", { priority: 1, run: () => unsubscribe() });
    const unsubscribe = subscribe("later");
    bus.publish(started);
    expect(calls).toEqual(["first"]);
  });

  it("by a handler leaves a subscriber that it adds to the next event", () => {
    subscribe("adds", {
      run: () => {
        if (calls.length === 1) subscribe("added");
      },
    });
    bus.publish(started);
    expect(calls).toEqual(["adds"]);
    bus.publish(started);
    expect(calls).toEqual(["adds", "adds", "added"]);
  });
});

describe("a handler that publishes", () => {
  it("gets round a few times, then the event is dropped and counted", () => {
    subscribe("loop", { run: () => bus.publish(started) });
    bus.publish(started);
    expect(calls).toHaveLength(8);
    const [loss] = diagnostics.counters.dropped.values();
    expect(loss).toEqual({ destination: "bus", reason: "publish_loop", count: 1 });
    expect(bus.statistics.publishedByType.get("llm_request_started")).toBe(8);
  });

  it("can publish again afterwards", () => {
    const unsubscribe = subscribe("loop", { run: () => bus.publish(started) });
    bus.publish(started);
    unsubscribe();
    calls = [];
    subscribe("later");
    bus.publish(started);
    expect(calls).toEqual(["later"]);
  });
});

describe("statistics", () => {
  it("start empty", () => {
    expect(bus.statistics).toEqual({
      publishedByType: new Map(),
      successfulHandlers: 0,
      failedHandlers: 0,
      lastEventTime: undefined,
    });
  });

  it("are exact totals, subscribers or none", () => {
    bus.publish(started);
    subscribe("a");
    bus.publish(started);
    bus.publish(problem);
    expect(bus.statistics).toEqual({
      publishedByType: new Map([
        ["llm_request_started", 2],
        ["system_error", 1],
      ]),
      successfulHandlers: 2,
      failedHandlers: 0,
      lastEventTime: 2_000,
    });
  });
});
