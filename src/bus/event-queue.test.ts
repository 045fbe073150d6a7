import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { poll } from "../../test/support/poll.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { createEvent, type Event } from "../events/index.ts";
import { createEventBus, type EventBus } from "./event-bus.ts";
import type { Subscription } from "./subscription.ts";

let problems: string[];
let diagnostics: Diagnostics;
let bus: EventBus;
let seen: string[];
/** Lets the handler of `gated()` go on with its event. */
let release: (() => void)[];

beforeEach(() => {
  problems = [];
  seen = [];
  release = [];
  diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  bus = createEventBus(diagnostics);
});

const event = (message: string): Event =>
  createEvent("system_error", { component: "test", message }, 1_000);

const messageOf = ({ data }: Event) => ("message" in data ? data.message : "");

/** A handler that is busy with each event until it is released. */
function gated(options: Partial<Subscription> = {}) {
  const gate = () => new Promise<void>((resolve) => void release.push(resolve));
  return bus.subscribe({
    name: "slow",
    queue: {},
    ...options,
    handle: async (given) => {
      seen.push(`${messageOf(given)} in`);
      await gate();
      seen.push(`${messageOf(given)} out`);
    },
  });
}

/** Resolves when the handler of `gated()` has begun for the nth time, with what releases it. */
const begun = (index: number) => poll("the handler", () => release[index]);

function publish(count: number): void {
  for (let index = 0; index < count; index += 1) bus.publish(event(String(index)));
}

const own = () => bus.statistics.handlers[0];

describe("a queue", () => {
  it("gets the publisher back before the handler has begun", async () => {
    bus.subscribe({ name: "q", queue: {}, handle: (given) => void seen.push(messageOf(given)) });
    publish(2);
    expect(seen).toEqual([]);
    expect(own()).toMatchObject({ handled: 0, queued: 2 });
    await bus.forceFlush();
    expect(seen).toEqual(["0", "1"]);
    expect(own()).toMatchObject({ handled: 2, queued: 0 });
  });

  it("hands over one event at a time, in order", async () => {
    gated();
    publish(3);
    for (const count of [1, 2, 3]) {
      const [go] = await poll("the next event", () => (release.length > 0 ? release : undefined));
      await nextTurn();
      expect(seen).toHaveLength(2 * count - 1);
      release = [];
      go?.();
    }
    await bus.forceFlush();
    expect(seen).toEqual(["0 in", "0 out", "1 in", "1 out", "2 in", "2 out"]);
  });

  it("comes by itself to a handler that returns a promise, from its second event on", async () => {
    gated({ queue: undefined });
    publish(2);
    expect(seen).toEqual(["0 in"]);
    expect(own()).toMatchObject({ handled: 0, queued: 2 });
    release[0]?.();
    (await begun(1))();
    await bus.forceFlush();
    expect(seen).toEqual(["0 in", "0 out", "1 in", "1 out"]);
    expect(bus.statistics).toMatchObject({ successfulHandlers: 2, failedHandlers: 0 });
  });

  it.each([
    ["drop-newest", ["0 in", "1 in"]],
    ["drop-oldest", ["0 in", "3 in"]],
  ] as const)("that is full drops by `%s`, and counts", async (overflow, expected) => {
    gated({ queue: { maxSize: 1, overflow } });
    publish(1);
    await begun(0);
    for (const message of ["1", "2", "3"]) bus.publish(event(message));
    expect(own()).toMatchObject({ handled: 0, dropped: 2, queued: 2 });
    release[0]?.();
    (await begun(1))();
    await bus.forceFlush();
    expect(seen.filter((line) => line.endsWith("in"))).toEqual(expected);
    expect(own()).toMatchObject({ handled: 2, dropped: 2, queued: 0 });
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "slow", reason: "queue_full", count: 2 },
    ]);
    expect(problems).toHaveLength(1);
  });

  it("goes on after a handler that threw or rejected", async () => {
    bus.subscribe({
      name: "bad",
      queue: {},
      handle: (given) => {
        if (messageOf(given) === "0") throw new TypeError("secret");
        if (messageOf(given) === "1") return Promise.reject(new RangeError("secret"));
        seen.push(messageOf(given));
        return undefined;
      },
    });
    publish(3);
    await bus.forceFlush();
    expect(seen).toEqual(["2"]);
    expect(own()).toEqual({
      name: "bad",
      handled: 1,
      failed: 2,
      dropped: 0,
      queued: 0,
      maxQueueSize: 2048,
      lastError: "RangeError",
    });
  });

  it("handles what is published without end some at a time, and leaves the others their turn", async () => {
    let runs = 0;
    const unsubscribe = bus.subscribe({
      name: "loop",
      queue: {},
      handle: async (given) => {
        runs += 1;
        bus.publish(given);
      },
    });
    publish(1);
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    unsubscribe();
    expect(runs).toBeGreaterThan(64);
    expect(runs).toBeLessThan(64 * 10);
  });

  it("runs its handler in the async context of the subscriber", async () => {
    const storage = new AsyncLocalStorage<string>();
    const contexts: unknown[] = [];
    const handle = async () => void contexts.push(storage.getStore());
    storage.run("subscriber", () => bus.subscribe({ name: "q", queue: {}, handle }));
    storage.run("publisher", () => publish(2));
    await bus.forceFlush();
    expect(contexts).toEqual(["subscriber", "subscriber"]);
  });

  it("of a subscription for one event is there until that is handled", async () => {
    gated({ once: true });
    publish(3);
    (await begun(0))();
    await bus.forceFlush();
    expect(seen).toEqual(["0 in", "0 out"]);
    expect(bus.statistics).toMatchObject({ successfulHandlers: 1, handlers: [] });
  });
});

describe("unsubscribing", () => {
  it("drops what waits, counts it, and lets the handler finish what it has begun", async () => {
    const unsubscribe = gated();
    publish(3);
    const go = await begun(0);
    unsubscribe();
    unsubscribe();
    go();
    await nextTurn();
    expect(seen).toEqual(["0 in", "0 out"]);
    expect(bus.statistics).toMatchObject({ successfulHandlers: 1, handlers: [] });
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "slow", reason: "unsubscribed", count: 2 },
    ]);
  });
});

it("handles what follows the first promise in the context of the subscription", async () => {
  const storage = new AsyncLocalStorage<string>();
  const contexts: (string | undefined)[] = [];
  storage.run("subscriber", () =>
    bus.subscribe({
      name: "plain",
      handle: () => Promise.resolve().then(() => contexts.push(storage.getStore())),
    }),
  );
  storage.run("publisher", () => publish(3));
  await bus.forceFlush();
  // the first one runs on the stack of whoever publishes: nobody knows yet that it is async
  expect(contexts).toEqual(["publisher", "subscriber", "subscriber"]);
});

describe("forceFlush()", () => {
  it("waits for what has been published by then, not for what comes after", async () => {
    let runs = 0;
    const unsubscribe = bus.subscribe({
      name: "loop",
      queue: {},
      handle: async (given) => {
        runs += 1;
        bus.publish(given);
      },
    });
    publish(10);
    await bus.forceFlush();
    expect(runs).toBeGreaterThanOrEqual(10);
    unsubscribe();
  });

  it("of one subscription does not wait for another that hangs", async () => {
    gated();
    const quick = bus.subscribe({
      name: "q",
      queue: {},
      handle: (e) => void seen.push(messageOf(e)),
    });
    publish(1);
    await quick.forceFlush();
    expect(seen).toContain("0");
  });

  it("awaited by a handler waits for the other queues, and not for its own", async () => {
    bus.subscribe({ name: "q", queue: {}, handle: (given) => void seen.push(messageOf(given)) });
    bus.subscribe({
      name: "flushing",
      queue: {},
      handle: async () => {
        await nextTurn();
        await bus.forceFlush();
        seen.push("flushed");
      },
    });
    publish(2);
    await poll("both", () => (seen.length === 4 ? true : undefined));
    expect(seen).toEqual(["0", "1", "flushed", "flushed"]);
  });

  it("awaited by a function that returns promises does not wait for its first event either", async () => {
    const flushed: string[] = [];
    bus.subscribe({
      name: "flushing",
      handle: (given) =>
        nextTurn()
          .then(() => bus.forceFlush())
          .then(() => flushed.push(messageOf(given))),
    });
    publish(3);
    await poll("all", () => (flushed.length === 3 ? true : undefined));
    expect(flushed).toEqual(["0", "1", "2"]);
  });

  it("awaited by several handlers at once ends for all of them, and for whoever else waits", async () => {
    for (const name of ["a", "b", "c"]) {
      bus.subscribe({
        name,
        queue: {},
        handle: async () => {
          await nextTurn();
          await bus.forceFlush();
          seen.push(name);
        },
      });
    }
    publish(2);
    await bus.forceFlush();
    expect(seen.toSorted()).toEqual(["a", "a", "b", "b", "c", "c"]);
  });

  it("waits for the handler where something calls it that an event before has left behind", async () => {
    let later: Promise<void> | undefined;
    bus.subscribe({
      name: "leaving",
      queue: {},
      handle: async (given) => {
        const released = new Promise<void>((resolve) => void release.push(resolve));
        if (later !== undefined) await released;
        later ??= released.then(() => bus.forceFlush()).then(() => void seen.push("flushed"));
        seen.push(messageOf(given));
      },
    });
    publish(2);
    const next = await begun(1);
    release[0]?.();
    await nextTurn();
    expect(seen).toEqual(["0"]);
    next();
    await later;
    expect(seen).toEqual(["0", "1", "flushed"]);
  });

  it("has nothing to wait for without queues", async () => {
    bus.subscribe({ name: "inline", handle: () => {} });
    publish(1);
    await bus.forceFlush();
    expect(own()).toMatchObject({ handled: 1 });
  });
});

it("shutdown() counts what still waits as lost", async () => {
  gated();
  publish(3);
  await begun(0);
  bus.shutdown();
  publish(1);
  expect([...diagnostics.counters.dropped.values()]).toEqual([
    { destination: "slow", reason: "shutdown", count: 2 },
  ]);
});
