import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { alert } from "../../../test/support/alert-event.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import { ObservabilityError } from "../../errors/index.ts";
import { EventWriter, type EventWriterOptions } from "./event-writer.ts";

const MAX_DELAY_MS = 50;

let diagnostics: Diagnostics;
let batches: string[][];
let answer: (rows: readonly string[]) => Promise<number>;
let tries: unknown[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  diagnostics = createDiagnostics({ write: () => {} });
  batches = [];
  tries = [];
  answer = async () => 0;
});
afterEach(() => {
  vi.useRealTimers();
});

function create(options: Partial<EventWriterOptions> = {}): EventWriter {
  return new EventWriter({
    append: (rows) => {
      batches.push(rows.map((row) => (JSON.parse(row) as { data: { name: string } }).data.name));
      return answer(rows);
    },
    maxBatchSize: 3,
    maxDelayMs: MAX_DELAY_MS,
    maxQueueSize: 10,
    diagnostics,
    onTried: (error) => tries.push(error),
    random: () => 1,
    ...options,
  });
}

function push(writer: EventWriter, ...names: string[]): void {
  for (const name of names) writer.push(alert(name, 0));
}

/** `setImmediate` is real. */
async function pass(ms: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

/** An answer that comes when the test says so. */
function openAnswer() {
  let resolve: (refused: number) => void = () => {};
  const promise = new Promise<number>((settle) => (resolve = settle));
  return { promise, resolve: (refused: number) => resolve(refused) };
}

const drops = () =>
  Object.fromEntries(
    [...diagnostics.counters.dropped.values()].map(({ reason, count }) => [reason, count]),
  );
const names = (count: number) => Array.from({ length: count }, (_none, index) => `e${index}`);

describe("a batch", () => {
  it("is written when its oldest event has waited long enough, and never on the publisher's stack", async () => {
    const writer = create();
    push(writer, "a");
    await pass(MAX_DELAY_MS - 10);
    push(writer, "b");
    expect(batches).toEqual([]);
    await pass(10);
    expect(batches).toEqual([["a", "b"]]);
  });

  it("is written as soon as it is full", async () => {
    const writer = create();
    push(writer, "a");
    await pass(0);
    push(writer, "b", "c");
    expect(batches).toEqual([]);
    await pass(0);
    expect(batches).toEqual([["a", "b", "c"]]);
  });

  it("is under way alone; what comes meanwhile is in the next one", async () => {
    const { promise, resolve } = openAnswer();
    answer = () => promise;
    const writer = create();
    push(writer, ...names(3));
    await pass(0);
    push(writer, "x", "y", "z", "late");
    await pass(1_000);
    expect(batches).toHaveLength(1);
    resolve(0);
    await pass(0);
    expect(batches.slice(1)).toEqual([["x", "y", "z"], ["late"]]);
  });

  it("ends before it is too large, and takes a large event by itself", async () => {
    const writer = create({ maxBatchSize: 100 });
    const large = "x".repeat(900_000);
    push(writer, large, large, large, large, large, large);
    await pass(MAX_DELAY_MS);
    expect(batches.map(({ length }) => length)).toEqual([5, 1]);
  });
});

describe("a batch that fails", () => {
  it("is tried again, less and less often, until it is through", async () => {
    answer = () => Promise.reject(new Error("down"));
    const writer = create();
    push(writer, "a", "b", "c");
    await pass(0);
    const waits: number[] = [];
    let waitedMs = 0;
    while (waits.length < 8) {
      const before = batches.length;
      await pass(50);
      waitedMs += 50;
      if (batches.length > before) {
        waits.push(waitedMs);
        waitedMs = 0;
      }
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    answer = async () => 0;
    await pass(5_000);
    expect(tries.at(-1)).toBeUndefined();
    expect(diagnostics.counters.exported.get("event-store")).toBe(3);
    expect(drops()).toEqual({});
  });

  it("lets others wait up to the bound, itself included", async () => {
    answer = () => Promise.reject(new Error("down"));
    const writer = create();
    push(writer, ...names(3));
    await pass(0);
    push(writer, ...names(9));
    expect(drops()).toEqual({ queue_full: 2 });
  });

  it("is given up at once when nothing can help, and so is everything after it", async () => {
    answer = () => Promise.reject(new ObservabilityError("PEER_MISSING", "install it"));
    const writer = create();
    push(writer, ...names(5));
    await writer.settled();
    push(writer, "later");
    await pass(60_000);
    expect(batches).toHaveLength(1);
    expect(drops()).toEqual({ unavailable: 6 });
  });
});

describe("settled", () => {
  it("resolves at once when nothing waits", async () => {
    await create().settled();
    expect(batches).toEqual([]);
  });

  it("does not wait for batches to fill up, nor for the next try", async () => {
    answer = vi.fn().mockRejectedValueOnce(new Error("down")).mockResolvedValue(0);
    const writer = create();
    push(writer, "a");
    await pass(MAX_DELAY_MS);
    expect(batches).toHaveLength(1);
    await writer.settled();
    expect(batches).toEqual([["a"], ["a"]]);
  });

  it("is about what came before, not about what comes meanwhile", async () => {
    const { promise, resolve } = openAnswer();
    answer = vi.fn().mockResolvedValueOnce(0).mockReturnValue(promise);
    const writer = create();
    push(writer, "a");
    const settled = writer.settled();
    await pass(0);
    push(writer, "b");
    await settled;
    const later = writer.settled();
    resolve(0);
    await later;
    expect(batches).toEqual([["a"], ["b"]]);
  });

  it("does not try without pause while the store is down", async () => {
    answer = () => Promise.reject(new Error("down"));
    const writer = create();
    push(writer, "a");
    void writer.settled();
    for (let count = 0; count < 10; count += 1) await pass(0);
    expect(batches.length).toBeLessThanOrEqual(2);
  });
});

it("counts what the database refused, and what can't be a row, as such", async () => {
  answer = async () => 1;
  const writer = create();
  const circular = { ...alert("c", 1), data: { loop: {} } };
  circular.data.loop = circular;
  writer.push(circular as never);
  push(writer, "a", "b");
  await writer.settled();
  expect(batches).toEqual([["a", "b"]]);
  expect(drops()).toEqual({ not_serializable: 1, rejected: 1 });
  expect(diagnostics.counters.exported.get("event-store")).toBe(1);
});

it("counts each event once when it is given up during a try that then succeeds", async () => {
  const { promise, resolve } = openAnswer();
  answer = () => promise;
  const writer = create();
  push(writer, ...names(5));
  await pass(0);
  writer.close();
  push(writer, "late");
  writer.abandon("shutdown_timeout");
  resolve(0);
  await pass(10_000);
  expect(drops()).toEqual({ closed: 1, shutdown_timeout: 5 });
  expect(diagnostics.counters.exported.get("event-store")).toBeUndefined();
  expect(batches).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

it("has timers that do not keep the process alive", async () => {
  vi.useRealTimers();
  const setTimeout = vi.spyOn(globalThis, "setTimeout");
  const writer = create();
  push(writer, "a");
  await new Promise((resolve) => setImmediate(resolve));
  const [timer] = setTimeout.mock.results.map(({ value }) => value as NodeJS.Timeout);
  expect(timer?.hasRef()).toBe(false);
  writer.abandon("x");
  setTimeout.mockRestore();
});
