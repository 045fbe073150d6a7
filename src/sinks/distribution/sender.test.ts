import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import { createEvent } from "../../events/index.ts";
import { Outbox } from "./outbox.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { RedisFailure } from "./redis-failure.ts";
import { Sender } from "./sender.ts";

/** What is sent in one transaction: the numbers of the entries. */
type Batch = readonly number[];

let diagnostics: Diagnostics;
let sender: Sender;
let outbox: Outbox;
let batches: Batch[];
let tries: (string | undefined)[];
let answer: () => Promise<unknown>;
let connect: () => Promise<RedisConnection>;

/** A connection that keeps what is sent by it, and answers as `answer` says. */
const connection: RedisConnection = {
  isOpen: true,
  send: (command) =>
    command({
      connect: async () => {},
      disconnect: () => {},
      on: () => {},
      call: async () => {},
      multi: (commands) => {
        batches.push(commands.map((fields) => Number(fields[fields.indexOf("seq") + 1])));
        return { exec: () => answer() };
      },
    }),
  close: () => {},
};

beforeEach(() => {
  vi.useFakeTimers();
  diagnostics = createDiagnostics({ write: () => {} });
  batches = [];
  tries = [];
  answer = async () => [[null, "1-0"]];
  connect = async () => connection;
  outbox = new Outbox({ instance: "me", maxSize: 1_000, diagnostics });
  sender = new Sender({
    outbox,
    connect: () => connect(),
    key: "events",
    maxLength: 10,
    diagnostics,
    onTry: (failure) => void tries.push(failure?.reason),
    own: (fn) => fn(),
    random: () => 1,
  });
});

afterEach(() => {
  sender.close();
  vi.useRealTimers();
});

function add(count: number): void {
  for (let index = 0; index < count; index += 1) {
    sender.add(createEvent("system_error", { component: "test", message: "" }, 1_000));
  }
}

describe("sending", () => {
  it("waits a moment for others, then sends all in one transaction", async () => {
    add(3);
    await vi.advanceTimersByTimeAsync(19);
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(batches).toEqual([[1, 2, 3]]);
    expect(diagnostics.counters.exported.get("redis")).toBe(3);
    expect(tries).toEqual([undefined]);
  });

  it("has one batch under way at a time", async () => {
    let done: (() => void) | undefined;
    answer = () => new Promise((resolve) => (done = () => resolve([])));
    add(1);
    await vi.advanceTimersByTimeAsync(20);
    add(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(batches).toEqual([[1]]);
    done?.();
    await vi.advanceTimersByTimeAsync(20);
    expect(batches).toEqual([[1], [2]]);
  });

  it("doesn't keep the process", async () => {
    const timer = vi.spyOn(globalThis, "setTimeout");
    add(1);
    const [set] = timer.mock.results;
    expect(set?.type === "return" && set.value.hasRef()).toBe(false);
  });
});

describe("a batch that fails", () => {
  it("is sent again as it was, after 100 ms, 200 ms and so on, before what came later", async () => {
    answer = () => Promise.reject(new Error("Connection is closed."));
    add(2);
    await vi.advanceTimersByTimeAsync(20);
    add(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(199);
    expect(batches).toHaveLength(2);
    answer = async () => [];
    await vi.advanceTimersByTimeAsync(1 + 20);
    expect(batches).toEqual([[1, 2], [1, 2], [1, 2], [3]]);
    expect(tries).toEqual(["closed", "closed", undefined, undefined]);
    expect(diagnostics.counters.exported.get("redis")).toBe(3);
  });

  it("fails also by what Redis says of a single entry", async () => {
    const refusal = Object.assign(new Error("WRONGTYPE Operation"), { name: "ReplyError" });
    answer = async () => [[refusal]];
    add(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(tries).toEqual(["WRONGTYPE"]);
    expect(outbox.size).toBe(1);
  });

  it("for good, by a missing package, is given up and counted", async () => {
    connect = () => Promise.reject(new RedisFailure("PEER_MISSING", { isFinal: true }));
    add(2);
    await vi.advanceTimersByTimeAsync(20);
    expect(outbox.size).toBe(0);
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "redis", reason: "peer_missing", count: 2 },
    ]);
  });
});

describe("flush", () => {
  it("sends all there is at once, batch by batch", async () => {
    add(450);
    await sender.flush();
    expect(batches.map(({ length }) => length)).toEqual([200, 200, 50]);
  });

  it("doesn't wait for the next try, and ends with the first that fails", async () => {
    answer = () => Promise.reject(new Error("Connection is closed."));
    add(450);
    await vi.advanceTimersByTimeAsync(0);
    const before = batches.length;
    await sender.flush();
    expect(batches).toHaveLength(before + 1);
    expect(outbox.size).toBe(450);
  });

  it("resolves when there is nothing", async () => {
    await sender.flush();
    expect(batches).toEqual([]);
  });
});

it("closed, it tries no more", async () => {
  add(1);
  sender.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(batches).toEqual([]);
});
