import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { plainAnswer } from "../../test/support/llm-events.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { createEvent, type Event } from "../events/index.ts";
import { createEventBus, type EventBus } from "./event-bus.ts";
import type { Middleware } from "./subscription.ts";

const event = createEvent("system_error", { component: "test", message: "m" }, 1_000);

let problems: string[];
let diagnostics: Diagnostics;
let bus: EventBus;
let seen: Event[];

beforeEach(() => {
  problems = [];
  seen = [];
  diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  bus = createEventBus(diagnostics);
  bus.subscribe({ name: "all", handle: (given) => void seen.push(given) });
});

const component = (name: string): Middleware => {
  return (given) =>
    given.type === "system_error"
      ? { ...given, data: { ...given.data, component: `${given.data.component} ${name}` } }
      : given;
};

const own = { passed: 0, enriched: 0, dropped: 0, failed: 0, lastError: undefined };

describe("a middleware", () => {
  it("enriches events before every subscriber, one after the other", () => {
    bus.use(component("a"), "a");
    bus.use((given) => given);
    bus.use(component("b"), "b");
    bus.publish(event);
    expect(seen).toEqual([{ ...event, data: { component: "test a b", message: "m" } }]);
    expect(bus.statistics.middleware).toEqual([
      { ...own, name: "a", passed: 1, enriched: 1 },
      { ...own, name: "middleware", passed: 1 },
      { ...own, name: "b", passed: 1, enriched: 1 },
    ]);
  });

  it("may add fields of its own, set a session, and take captured content out", () => {
    const context = { ...plainAnswer.context, userId: "u" };
    const call = { ...plainAnswer, context, content: { inputMessages: "[]" } };
    const ended = createEvent("llm_request_completed", call as never, 1_000);
    const more = { tenant: { name: "a", numbers: [1, null, undefined] } };
    bus.use((given) => {
      const { content: _, ...data } = given.data as Record<string, unknown>;
      return { ...given, sessionId: "s", data: { ...data, context: {}, ...more } } as never;
    });
    bus.publish(ended);
    expect(seen).toEqual([
      { ...ended, sessionId: "s", data: { ...plainAnswer, context: {}, ...more } },
    ]);
    expect(problems).toEqual([]);
  });

  it("drops an event by returning nothing: no later one sees it, and it is counted as no loss", () => {
    bus.use(() => undefined, "filter");
    bus.use(component("late"), "late");
    bus.publish(event);
    expect(seen).toEqual([]);
    expect(bus.statistics).toMatchObject({
      totalPublished: 0,
      filteredByType: new Map([["system_error", 1]]),
      lastEventTime: undefined,
      middleware: [
        { ...own, name: "filter", dropped: 1 },
        { ...own, name: "late" },
      ],
    });
    expect(diagnostics.counters.dropped.size).toBe(0);
  });

  it.each<[string, Middleware, string]>([
    [
      "throws",
      () => {
        throw new TypeError("secret");
      },
      "TypeError",
    ],
    ["returns something else", () => 7 as never, "something else"],
    ["returns null", () => null as never, "something else"],
    ["changes the id", (given) => ({ ...given, id: "other" }), "something else"],
    [
      "changes the type",
      (given) => ({ ...given, type: "system_alert" }) as Event,
      "something else",
    ],
    ["loses the data", (given) => ({ ...given, data: undefined }) as never, "without data"],
    ["empties the data", (given) => ({ ...given, data: {} }) as never, "data.component"],
    [
      "changes the kind of a field",
      (given) => ({ ...given, data: { ...given.data, message: 7 } }) as never,
      "data.message",
    ],
    ["gives a session a number", (given) => ({ ...given, sessionId: 7 }) as never, "sessionId"],
    [
      "adds what is measured",
      (given) => ({ ...given, data: { ...given.data, cost: { totalUsd: "1" } } }) as never,
      "cost",
    ],
    [
      "adds a bigint",
      (given) => ({ ...given, data: { ...given.data, more: { big: 10n } } }) as never,
      "into big",
    ],
    [
      "adds a number that JSON has not",
      (given) => ({ ...given, data: { ...given.data, more: NaN } }) as never,
      "into more",
    ],
    [
      "adds what holds itself",
      (given) => {
        const ring: Record<string, unknown> = {};
        ring["own"] = ring;
        return { ...given, data: { ...given.data, ring } } as never;
      },
      "into own",
    ],
    ["is async", (async (given: Event) => given) as never, "promise"],
    ["is async and rejects", (async () => Promise.reject(new Error("secret"))) as never, "promise"],
    [
      "returns what can't be looked at",
      () =>
        new Proxy(event, {
          get() {
            throw new RangeError("secret");
          },
        }),
      "RangeError",
    ],
  ])(
    "that %s is counted and reported once, and the event passes unchanged",
    async (_how, middleware, reason) => {
      bus.use(middleware, "bad");
      bus.publish(event);
      bus.publish(event);
      await nextTurn();
      expect(seen).toEqual([event, event]);
      expect(seen[0]).toBe(event);
      expect(bus.statistics.middleware).toEqual([
        {
          ...own,
          name: "bad",
          passed: 2,
          failed: 2,
          lastError: expect.stringContaining(reason) as string,
        },
      ]);
      expect(diagnostics.counters.handlerErrors).toEqual(new Map([["bad", 2]]));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(reason);
      expect(problems[0]).not.toContain("secret");
    },
  );

  it("that publishes gets round a few times, then the event is dropped and counted", () => {
    let runs = 0;
    bus.use((given) => {
      runs += 1;
      bus.publish(given);
      return given;
    });
    bus.publish(event);
    expect(runs).toBe(8);
    expect(seen).toHaveLength(8);
  });

  it("ends when its end is called, or its block is left", () => {
    const end = bus.use(component("a"));
    {
      using _middleware = bus.use(component("b"));
      bus.publish(event);
    }
    end();
    end();
    bus.publish(event);
    expect(seen.map(({ data }) => "component" in data && data.component)).toEqual([
      "test a b",
      "test",
    ]);
    expect(bus.statistics.middleware).toEqual([]);
  });
});
