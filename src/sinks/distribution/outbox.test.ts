import { beforeEach, describe, expect, it } from "vitest";
import { fullAnswer } from "../../../test/support/llm-events.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import { createEvent, type Event, serializeEvent } from "../../events/index.ts";
import { Outbox } from "./outbox.ts";

let diagnostics: Diagnostics;

beforeEach(() => {
  diagnostics = createDiagnostics({ write: () => {} });
});

const lost = () => [...diagnostics.counters.dropped.values()];
const outboxOf = (maxSize = 1_000) => new Outbox({ instance: "me", maxSize, diagnostics });
const problem = (message: string) =>
  createEvent("system_error", { component: "test", message }, 1_000);

function answerWith(text: string): Event {
  const content = {
    outputMessages: [{ role: "assistant", parts: [{ type: "text", content: text }] }],
  };
  return createEvent("llm_request_completed", { ...fullAnswer, content }, 1_000);
}

describe("a batch", () => {
  it("has the events in order, numbered, as text", () => {
    const outbox = outboxOf();
    const events = [problem("a"), problem("b")];
    for (const event of events) outbox.add(event);
    expect(outbox.batch()).toEqual(
      events.map((event, index) => ({
        instance: "me",
        sequence: index + 1,
        event: serializeEvent(event),
      })),
    );
  });

  it("stays the same until it is settled, whatever comes", () => {
    const outbox = outboxOf();
    outbox.add(problem("a"));
    const batch = outbox.batch();
    outbox.add(problem("b"));
    expect(outbox.batch()).toBe(batch);
    outbox.settle();
    expect(outbox.batch().map(({ sequence }) => sequence)).toEqual([2]);
    outbox.settle();
    expect(outbox.batch()).toEqual([]);
  });

  it("holds two hundred events at the most", () => {
    const outbox = outboxOf();
    for (let index = 0; index < 450; index += 1) outbox.add(problem("a"));
    const sizes = [0, 0, 0].map(() => {
      const { length } = outbox.batch();
      outbox.settle();
      return length;
    });
    expect(sizes).toEqual([200, 200, 50]);
  });

  it("holds half a megabyte at the most", () => {
    const outbox = outboxOf();
    for (let index = 0; index < 5; index += 1) outbox.add(problem("é".repeat(100_000)));
    const sizes = [0, 0, 0].map(() => {
      const { length } = outbox.batch();
      outbox.settle();
      return length;
    });
    expect(sizes).toEqual([2, 2, 1]);
    expect(lost()).toEqual([]);
  });
});

describe("an event that is too large", () => {
  it("goes without its content", () => {
    const outbox = outboxOf();
    const event = answerWith("x".repeat(600_000));
    outbox.add(event);
    const { content: _, ...data } = event.data as { content?: unknown };
    expect(JSON.parse(outbox.batch()[0]?.event ?? "")).toEqual(
      JSON.parse(serializeEvent({ ...event, data } as Event)),
    );
    expect(lost()).toEqual([]);
  });

  it("is dropped and counted when there is none; no number is spent on it", () => {
    const outbox = outboxOf();
    outbox.add(problem("x".repeat(600_000)));
    outbox.add(problem("next"));
    expect(outbox.batch().map(({ sequence }) => sequence)).toEqual([1]);
    expect(lost()).toEqual([{ destination: "redis", reason: "too_large", count: 1 }]);
  });
});

it("an event that is no JSON is dropped and counted", () => {
  const outbox = outboxOf();
  const metadata = { size: 1n } as never;
  outbox.add(createEvent("session_started", { metadata }, 1_000, { sessionId: "s" }));
  expect(outbox.batch()).toEqual([]);
  expect(outbox.size).toBe(0);
  expect(lost()).toEqual([{ destination: "redis", reason: "unserializable", count: 1 }]);
});

it("full, it drops what comes next and counts it; the batch under way is part of it", () => {
  const outbox = outboxOf(2);
  outbox.add(problem("a"));
  expect(outbox.batch()).toHaveLength(1);
  outbox.add(problem("b"));
  outbox.add(problem("c"));
  expect(lost()).toEqual([{ destination: "redis", reason: "queue_full", count: 1 }]);
});

it("cleared, it counts what it held, once", () => {
  const outbox = outboxOf();
  outbox.add(problem("a"));
  outbox.batch();
  outbox.add(problem("b"));
  outbox.clear("shutdown_timeout");
  outbox.clear("shutdown_timeout");
  expect(outbox.size).toBe(0);
  expect(lost()).toEqual([{ destination: "redis", reason: "shutdown_timeout", count: 2 }]);
});
