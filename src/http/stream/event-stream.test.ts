import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { plainCall } from "../../../test/support/llm-events.ts";
import { createEventBus, type EventBus } from "../../bus/index.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import { createEvent, type Event } from "../../events/index.ts";
import { EventStream, type StreamLimits, type StreamRequest } from "./event-stream.ts";

let bus: EventBus;
let diagnostics: Diagnostics;
let streams: EventStream[];

beforeEach(() => {
  diagnostics = createDiagnostics({ write: () => {} });
  bus = createEventBus(diagnostics);
  streams = [];
});
afterEach(() => {
  for (const stream of streams) stream.close();
  vi.useRealTimers();
});

function create(limits: Partial<StreamLimits> = {}): EventStream {
  const stream = new EventStream({
    subscribe: (subscription) => bus.subscribe(subscription),
    diagnostics,
    limits,
  });
  streams.push(stream);
  return stream;
}

const alert = (message: string, sessionId?: string): Event =>
  createEvent("system_alert", { name: "a", severity: "info", message }, 1_000, { sessionId });

interface Message {
  readonly id?: string;
  readonly event?: string;
  readonly data?: unknown;
}

/** What a client of one connection makes of it. */
class Reader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest = "";

  constructor(stream: EventStream, request: Partial<StreamRequest> = {}) {
    const body = stream.open({ filter: {}, ...request });
    if (body === undefined) throw new Error("refused");
    this.#reader = body.getReader();
  }

  /** Messages of what can be read at once; `undefined` at the end. */
  async read(): Promise<Message[] | undefined> {
    const { done, value } = await this.#reader.read();
    if (done) return undefined;
    const blocks = (this.#rest + Buffer.from(value).toString("utf8")).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.filter((block) => !block.startsWith("retry:")).map(parse);
  }

  cancel = () => this.#reader.cancel();
}

function parse(block: string): Message {
  const fields = block.split("\n").map((line) => line.split(/: ?(.*)/s).slice(0, 2));
  const { id, event, data } = Object.fromEntries(fields) as Record<string, string | undefined>;
  return {
    ...(id !== undefined && { id }),
    ...(event !== undefined && { event }),
    ...(data !== undefined && { data: JSON.parse(data) as unknown }),
  };
}

const messageOf = (event: Event): Message => ({
  id: event.id,
  event: event.type,
  data: { schemaVersion: 1, ...event },
});

/** A reader that has seen the beginning, so that the next read waits for an event. */
async function connected(stream: EventStream, request?: Partial<StreamRequest>): Promise<Reader> {
  const reader = new Reader(stream, request);
  await reader.read();
  return reader;
}

describe("a client", () => {
  it("gets events as they come, with id and type, as one message each", async () => {
    const reader = await connected(create());
    const events = [alert("one\ntwo"), alert("three")];
    for (const event of events) bus.publish(event);
    expect(await reader.read()).toEqual([messageOf(events[0] as Event)]);
    expect(await reader.read()).toEqual([messageOf(events[1] as Event)]);
  });

  it("gets what came while it did not read in one go, in order", async () => {
    const stream = create();
    const reader = new Reader(stream);
    const events = ["a", "b", "c"].map((message) => alert(message));
    for (const event of events) bus.publish(event);
    await new Promise(setImmediate);
    expect(await reader.read()).toEqual(events.map(messageOf));
  });

  it.each<[string, StreamRequest["filter"], string[]]>([
    ["session", { sessionId: "s-1" }, ["llm s-1", "alert s-1"]],
    ["type", { types: ["system_alert"] }, ["alert s-1", "alert s-2"]],
    ["category", { categories: ["llm"] }, ["llm s-1"]],
    [
      "type and category together",
      { types: ["system_alert"], categories: ["llm"] },
      ["llm s-1", "alert s-1", "alert s-2"],
    ],
    ["all of it", { sessionId: "s-2", categories: ["llm"] }, []],
  ])("gets those of its %s", async (_what, filter, expected) => {
    const reader = await connected(create(), { filter });
    bus.publish(createEvent("llm_request_started", plainCall, 1, { sessionId: "s-1" }));
    bus.publish(alert("x", "s-1"));
    bus.publish(alert("x", "s-2"));
    streams[0]?.close();
    const seen: Message[] = [];
    for (let read = await reader.read(); read; read = await reader.read()) seen.push(...read);
    const words = seen.map(({ event, data }) => `${event} ${(data as Event).sessionId}`);
    expect(words.map((word) => word.replace(/_request_started|system_/, ""))).toEqual(expected);
  });

  it("that cancels is forgotten", async () => {
    const stream = create();
    const reader = await connected(stream);
    expect(stream.clientCount).toBe(1);
    await reader.cancel();
    expect(stream.clientCount).toBe(0);
    bus.publish(alert("x"));
    await new Promise(setImmediate);
  });

  it("one too many is refused, until another one leaves", async () => {
    const stream = create({ maxClients: 2 });
    const reader = await connected(stream);
    await connected(stream);
    expect(stream.open({ filter: {} })).toBeUndefined();
    await reader.cancel();
    expect(stream.open({ filter: {} })).toBeDefined();
  });
});

describe("publishing", () => {
  it("costs nothing before somebody asks, and writes nothing out itself", async () => {
    const stream = create();
    bus.publish(alert("unheard"));
    expect(bus.statistics.successfulHandlers).toBe(0);
    const reader = await connected(stream);
    const stringify = vi.spyOn(JSON, "stringify");
    bus.publish(alert("heard"));
    expect(stringify).not.toHaveBeenCalled();
    stringify.mockRestore();
    expect(await reader.read()).toHaveLength(1);
  });

  it("more at once than can wait loses the rest, and says how many", async () => {
    const reader = new Reader(create({ maxPending: 2 }));
    for (const message of ["a", "b", "c", "d", "e"]) bus.publish(alert(message));
    await new Promise(setImmediate);
    const messages = await reader.read();
    expect(messages?.map(({ event }) => event)).toEqual(["system_alert", "system_alert", "gap"]);
    expect(messages?.at(-1)).toEqual({ event: "gap", data: { reason: "overload", lost: 3 } });
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "event_stream", reason: "queue_full", count: 3 },
    ]);
  });
});

describe("a burst", () => {
  it("larger than what may wait for a client is no loss to one that reads at once", async () => {
    const reader = await connected(create({ maxQueuedBytes: 4_000, bytesPerTurn: 1_000 }));
    const events = Array.from({ length: 200 }, (_, index) => alert(String(index)));
    for (const event of events) bus.publish(event);
    const seen: Message[] = [];
    while (seen.length < events.length) seen.push(...((await reader.read()) ?? []));
    expect(seen).toEqual(events.map(messageOf));
    expect(diagnostics.counters.dropped.size).toBe(0);
  });

  it("is told of where it was cut off: what comes after it comes after the gap", async () => {
    const reader = await connected(create({ maxPending: 2, bytesPerTurn: 1 }));
    for (const message of ["a", "b", "c", "d"]) bus.publish(alert(message));
    expect(await reader.read()).toMatchObject([{ data: { data: { message: "a" } } }]);
    expect(await reader.read()).toMatchObject([{ data: { data: { message: "b" } } }]);
    bus.publish(alert("e"));
    expect(await reader.read()).toEqual([{ event: "gap", data: { reason: "overload", lost: 2 } }]);
    expect(await reader.read()).toMatchObject([{ data: { data: { message: "e" } } }]);
  });

  it("is all handed out before the stream is closed", async () => {
    const stream = create({ bytesPerTurn: 1 });
    const reader = await connected(stream);
    const events = ["a", "b", "c"].map((message) => alert(message));
    for (const event of events) bus.publish(event);
    stream.close();
    const seen: Message[] = [];
    for (let read = await reader.read(); read; read = await reader.read()) seen.push(...read);
    expect(seen).toEqual(events.map(messageOf));
  });
});

describe("a client that comes back", () => {
  it("gets what it missed, and nothing twice", async () => {
    const stream = create();
    const first = await connected(stream);
    const events = ["a", "b", "c"].map((message) => alert(message));
    bus.publish(events[0] as Event);
    const [last] = (await first.read()) ?? [];
    await first.cancel();
    for (const event of events.slice(1)) bus.publish(event);
    const again = new Reader(stream, { lastEventId: last?.id });
    expect(await again.read()).toEqual(events.slice(1).map(messageOf));
  });

  it("gets of it what it asks for now", async () => {
    const stream = create();
    await connected(stream);
    const events = [alert("a", "s-1"), alert("b", "s-2"), alert("c", "s-1")];
    for (const event of events) bus.publish(event);
    const filter = { sessionId: "s-1" };
    const again = new Reader(stream, { filter, lastEventId: events[0]?.id });
    expect(await again.read()).toEqual([messageOf(events[2] as Event)]);
  });

  it("with an id that nobody remembers is told so, and gets all that is remembered", async () => {
    const stream = create({ maxRecentFrames: 2 });
    await connected(stream);
    const events = ["a", "b", "c"].map((message) => alert(message));
    for (const event of events) bus.publish(event);
    for (const lastEventId of [events[0]?.id, "of another process"]) {
      const again = new Reader(stream, { lastEventId });
      expect(await again.read()).toEqual([
        { event: "gap", data: { reason: "unknown_last_event_id", lost: null } },
        ...events.slice(1).map(messageOf),
      ]);
    }
  });

  it("is remembered no more bytes for than allowed", async () => {
    const stream = create({ maxRecentBytes: 1_000 });
    await connected(stream);
    for (let count = 0; count < 20; count += 1) bus.publish(alert("x".repeat(100)));
    const again = new Reader(stream, { lastEventId: "x" });
    const bytes = JSON.stringify(await again.read()).length;
    expect(bytes).toBeGreaterThan(300);
    expect(bytes).toBeLessThan(1_500);
  });
});

describe("a client that does not read", () => {
  it("loses what does not fit, is told how much, and is disconnected; others are not", async () => {
    const stream = create({ maxQueuedBytes: 1_000 });
    const slow = new Reader(stream);
    const other = await connected(stream);
    const seen: Message[] = [];
    for (let count = 0; count < 50; count += 1) {
      bus.publish(alert("x".repeat(100)));
      seen.push(...((await other.read()) ?? []));
    }
    expect(seen).toHaveLength(50);
    const messages = (await slow.read()) ?? [];
    const got = messages.filter(({ event }) => event === "system_alert").length;
    expect(got).toBeGreaterThan(1);
    expect(messages.at(-1)).toEqual({
      event: "gap",
      data: { reason: "slow_client", lost: 50 - got },
    });
    expect(await slow.read()).toBeUndefined();
    expect(stream.clientCount).toBe(1);
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "event_stream", reason: "slow_client", count: 50 - got },
    ]);
  });

  it("for two heartbeats is given up, and its connection broken", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const stream = create();
    const disconnect = vi.fn();
    const stuck = await connected(stream, { disconnect });
    bus.publish(alert("waits"));
    vi.advanceTimersByTime(15_000);
    expect(disconnect).not.toHaveBeenCalled();
    vi.advanceTimersByTime(15_000);
    expect(disconnect).toHaveBeenCalledOnce();
    expect(await stuck.read()).toBeUndefined();
    expect(stream.clientCount).toBe(0);
  });
});

describe("time", () => {
  it("brings a heartbeat, with the id of the last event, whoever wanted it", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const stream = create();
    const reader = await connected(stream, { filter: { sessionId: "s-1" } });
    vi.advanceTimersByTime(15_000);
    expect(await reader.read()).toEqual([{}]);
    const event = alert("of another session");
    bus.publish(event);
    vi.advanceTimersByTime(15_000);
    expect(await reader.read()).toEqual([{ id: event.id }]);
  });

  it("without clients lets go of the bus and of what is remembered", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const stream = create();
    const reader = await connected(stream);
    const event = alert("a");
    bus.publish(event);
    await reader.cancel();
    vi.advanceTimersByTime(15_000 * 8);
    expect(vi.getTimerCount()).toBe(0);
    const { successfulHandlers } = bus.statistics;
    bus.publish(alert("b"));
    expect(bus.statistics.successfulHandlers).toBe(successfulHandlers);
    const again = new Reader(stream, { lastEventId: event.id });
    expect(await again.read()).toEqual([
      { event: "gap", data: { reason: "unknown_last_event_id", lost: null } },
    ]);
  });
});

describe("close()", () => {
  it("ends every stream after the last event, and refuses new ones", async () => {
    const stream = create();
    const readers = await Promise.all([connected(stream), connected(stream)]);
    const event = alert("last");
    bus.publish(event);
    stream.close();
    for (const reader of readers) {
      expect(await reader.read()).toEqual([messageOf(event)]);
      expect(await reader.read()).toBeUndefined();
    }
    expect(stream.open({ filter: {} })).toBeUndefined();
    expect(stream.clientCount).toBe(0);
  });
});
