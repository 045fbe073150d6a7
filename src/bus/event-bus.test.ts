import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
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
      return run();
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

  it("hands a subscriber the types and the categories that it asked for, and none for an empty list", () => {
    const seen: string[] = [];
    bus.subscribe({ name: "all", handle: ({ type }) => void seen.push(`all ${type}`) });
    bus.subscribe({
      name: "some",
      types: ["system_error"],
      handle: ({ type }) => void seen.push(`some ${type}`),
    });
    bus.subscribe({ name: "none", types: [], handle: () => void seen.push("none") });
    bus.subscribe({
      name: "both",
      types: ["llm_request_started"],
      categories: ["system"],
      handle: ({ type }) => void seen.push(`both ${type}`),
    });
    bus.subscribe({
      name: "llm",
      categories: ["llm"],
      handle: ({ type }) => void seen.push(`llm ${type}`),
    });
    bus.publish(started);
    bus.publish(problem);
    expect(seen).toEqual([
      "all llm_request_started",
      "both llm_request_started",
      "llm llm_request_started",
      "all system_error",
      "some system_error",
      "both system_error",
    ]);
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
    await bus.forceFlush();
    expect(calls.toSorted()).toEqual(["bad", "bad", "good", "good"]);
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

describe("a subscription that ends by itself", () => {
  it("gets one event when it is for one, even if its handler fails or publishes", () => {
    let runs = 0;
    bus.subscribe({
      name: "once",
      once: true,
      handle: () => {
        runs += 1;
        bus.publish(started);
        throw new Error("x");
      },
    });
    bus.publish(started);
    bus.publish(started);
    expect(runs).toBe(1);
    expect(bus.statistics).toMatchObject({ totalPublished: 3, failedHandlers: 1, handlers: [] });
  });

  it("ends when its signal aborts, and never begins with one that has", () => {
    const controller = new AbortController();
    const handle = (name: string) => () => void calls.push(name);
    const { signal } = controller;
    bus.subscribe({ name: "a", handle: handle("a"), signal });
    bus.publish(started);
    controller.abort();
    const end = bus.subscribe({ name: "late", handle: handle("late"), signal });
    bus.publish(started);
    end();
    expect(calls).toEqual(["a"]);
    expect(bus.statistics.handlers).toEqual([]);
  });

  it("no longer listens to its signal once it has ended", () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    bus.subscribe({ name: "a", handle: () => {}, signal })();
    expect(removed).toHaveBeenCalledOnce();
  });

  it("ends at the end of the block that uses it", () => {
    {
      using _subscription = subscribe("a");
      bus.publish(started);
    }
    bus.publish(started);
    expect(calls).toEqual(["a"]);
  });
});

describe("an event of another instance", () => {
  it("goes to subscriptions that ask for such, past middleware, and is not counted as published", () => {
    const seen: string[] = [];
    bus.use(() => undefined);
    bus.subscribe({ name: "local", handle: () => void seen.push("local") });
    bus.subscribe({ name: "both", remote: true, handle: () => void seen.push("both") });
    bus.subscribe({
      name: "other type",
      remote: true,
      types: ["system_error"],
      handle: () => void seen.push("other type"),
    });
    bus.publishRemote(started);
    expect(seen).toEqual(["both"]);
    expect(bus.statistics).toMatchObject({
      totalPublished: 0,
      totalRemote: 1,
      successfulHandlers: 1,
      lastEventTime: undefined,
    });
  });

  it("is among those of this process for who asks for both", () => {
    bus.subscribe({ name: "both", remote: true, handle: ({ id }) => void calls.push(id) });
    bus.publish(started);
    bus.publishRemote(problem);
    expect(calls).toEqual([started.id, problem.id]);
  });

  it("of a type that is not known here is dropped and counted", () => {
    bus.subscribe({ name: "all", remote: true, handle: () => void calls.push("all") });
    bus.publishRemote({ ...started, type: "toString" } as unknown as Event);
    expect(calls).toEqual([]);
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "bus", reason: "unknown_type", count: 1 },
    ]);
  });

  it("that leads to another one for ever is dropped and counted in the end", () => {
    const publishNext = () => bus.publishRemote({ ...started, id: `e${(count += 1)}` });
    let count = 0;
    bus.subscribe({ name: "loop", remote: true, handle: publishNext });
    publishNext();
    expect(bus.statistics.totalRemote).toBe(8);
    expect(diagnostics.counters.dropped.size).toBe(1);
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

  it("has its event handed to everybody before those of lower priority get the one that led to it", () => {
    const run = (event: Event) => event === started && bus.publish(problem);
    subscribe("low", { priority: -1 });
    bus.subscribe({ name: "publishes", priority: 1, handle: (event) => void run(event) });
    bus.subscribe({ name: "types", handle: ({ type }) => void calls.push(type) });
    bus.publish(started);
    expect(calls).toEqual(["system_error", "low", "llm_request_started", "low"]);
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
  const nothing = {
    totalPublished: 0,
    publishedByType: new Map(),
    filteredByType: new Map(),
    totalRemote: 0,
    successfulHandlers: 0,
    failedHandlers: 0,
    successRate: 1,
    lastEventTime: undefined,
    handlers: [],
    middleware: [],
  };

  it("start empty", () => {
    expect(bus.statistics).toEqual(nothing);
  });

  it("are exact totals, subscribers or none, with each handler's own", () => {
    bus.publish(started);
    subscribe("a");
    subscribe("b", {
      run: () => {
        throw new TypeError("x");
      },
    });
    bus.publish(started);
    bus.publish(problem);
    const counts = { handled: 0, failed: 0, dropped: 0, queued: 0, maxQueueSize: 0 };
    const own = { ...counts, lastError: undefined };
    expect(bus.statistics).toEqual({
      ...nothing,
      totalPublished: 3,
      publishedByType: new Map([
        ["llm_request_started", 2],
        ["system_error", 1],
      ]),
      successfulHandlers: 2,
      failedHandlers: 2,
      successRate: 0.5,
      lastEventTime: 2_000,
      handlers: [
        { ...own, name: "a", handled: 2 },
        { ...own, name: "b", failed: 2, lastError: "TypeError" },
      ],
    });
  });

  it("keep the totals of subscriptions that have ended", () => {
    const unsubscribe = subscribe("a");
    bus.publish(started);
    unsubscribe();
    expect(bus.statistics).toMatchObject({ successfulHandlers: 1, handlers: [] });
  });
});
