import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";
import { createEvent, type Event } from "../events/index.ts";
import type { Link } from "./link.ts";
import type { EventBatch } from "./protocol.ts";
import { sendBatch } from "./send-batch.ts";

const { port1, port2 } = new MessageChannel();
afterAll(() => port1.close());

/** As far as a thread: the messages are copied. */
const link: Link = {
  isThread: true,
  send: (message) => port1.postMessage(message),
  end: async () => {},
};

/** As an application without types can have it. */
function eventWith(value: unknown): Event {
  const data = { userId: "u", metadata: { value } } as unknown as { userId: string };
  return createEvent("session_updated", data, 1, { sessionId: "s" });
}

function received(events: readonly Event[]): readonly Event[] {
  sendBatch(link, { kind: "events", events, masks: events.map(() => 1), gaps: [] });
  // what was sent is of this type
  const { message } = receiveMessageOnPort(port2) as { message: EventBatch };
  expect(receiveMessageOnPort(port2)).toBeUndefined();
  return message.events;
}

const throwing = {
  get value() {
    throw new Error("not now");
  },
};

describe("an event says the same as JSON on both sides, with", () => {
  test.each<[string, unknown]>([
    ["a text", "täxt\u2028\ud800"],
    ["numbers", [0, -0, 1e308, Number.NaN, Number.POSITIVE_INFINITY]],
    ["nothing", undefined],
    ["nothing in a list", [undefined, null]],
    ["a time", new Date(0)],
    ["no time", new Date(Number.NaN)],
    ["a map and a set", [new Map([[1, 2]]), new Set([1])]],
    ["numbers in objects", [Object(1), Object("a"), Object(true)]],
    ["an expression", /a/],
    ["a function", () => 1],
    ["a symbol", { [Symbol("a")]: 1, b: Symbol("b") }],
    ["a list with fields of its own", Object.assign([1], { more: 2 })],
    ["a list with holes", [1, , 3]], // oxlint-disable-line no-sparse-arrays
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
    ["an object that hides a field", Object.defineProperty({ a: 1 }, "b", { value: 2 })],
    ["a proxy", new Proxy({ a: 1 }, {})],
    ["its own idea of its JSON", { a: 1, toJSON: () => ({ b: 2 }) }],
    ["something frozen", Object.freeze({ a: Object.freeze([1]) })],
    ["a getter", { get a() { return 1; } }], // prettier-ignore
  ])("%s", (_name, value) => {
    const event = eventWith(value);
    const other = eventWith("other");
    expect(received([event, other]).map((got) => JSON.stringify(got))).toEqual([
      JSON.stringify(event),
      JSON.stringify(other),
    ]);
  });
});

test.each<[string, unknown]>([
  ["a number that JSON doesn't have", 1n],
  ["a field that can't be read", throwing],
  ["a JSON that can't be made", { toJSON: () => throwing.value }],
  ["a ring", (() => { const ring: unknown[] = []; ring.push(ring); return ring; })()], // prettier-ignore
])(
  "an event with %s has no JSON on the other side either, and takes no other with it",
  (_name, value) => {
    const [before, event, after] = [eventWith(1), eventWith(value), eventWith(2)];
    expect(() => JSON.stringify(event)).toThrow();
    const got = received([before, event, after]);
    expect(got.map(({ id, type }) => [id, type])).toEqual([
      [before.id, before.type],
      [event.id, event.type],
      [after.id, after.type],
    ]);
    expect([got[0], got[2]]).toEqual([before, after]);
    expect(() => JSON.stringify(got[1])).toThrow();
  },
);
