import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { flushOnSignals, type SignalTarget } from "./flush-on-signals.ts";

/** A process that can be sent signals without dying of them. */
function fakeProcess(pid = 1_234) {
  const kill = vi.fn(() => true);
  const emitter = new EventEmitter();
  const target = Object.assign(emitter, { kill, pid }) as unknown as SignalTarget;
  const flush = vi.fn(async () => {});
  const shutdown = vi.fn(async () => {});
  const undo = flushOnSignals({ flush, shutdown, process: target });
  return { emitter, kill, flush, shutdown, undo };
}

it.each(["SIGINT", "SIGTERM"])(
  "%s ends a process without a handler, after the rest is sent",
  async (signal) => {
    const { emitter, kill, flush, shutdown } = fakeProcess();
    let sent = () => {};
    shutdown.mockReturnValue(new Promise((resolve) => (sent = resolve)));
    emitter.emit(signal);
    await setImmediate();
    expect(kill).not.toHaveBeenCalled();
    // so that a second one ends it at once
    expect(emitter.listenerCount(signal)).toBe(0);
    sent();
    await setImmediate();
    expect(kill.mock.calls).toEqual([[1_234, signal]]);
    expect(flush).not.toHaveBeenCalled();
  },
);

it.each(["on", "once"] as const)("a handler of the application (%s) decides alone", async (add) => {
  const { emitter, kill, flush, shutdown } = fakeProcess();
  const own = vi.fn();
  emitter[add]("SIGTERM", own);
  emitter.emit("SIGTERM");
  await setImmediate();
  expect([own, flush, shutdown, kill].map((call) => call.mock.calls.length)).toEqual([1, 1, 0, 0]);
});

it("sees a handler that was there before, for once", async () => {
  const emitter = new EventEmitter();
  const own = vi.fn();
  emitter.once("SIGTERM", own);
  const kill = vi.fn(() => true);
  const target = Object.assign(emitter, { kill, pid: 7 }) as unknown as SignalTarget;
  const shutdown = vi.fn(async () => {});
  flushOnSignals({ flush: async () => {}, shutdown, process: target });

  emitter.emit("SIGTERM");
  await setImmediate();

  expect([own, shutdown, kill].map((call) => call.mock.calls.length)).toEqual([1, 0, 0]);
});

it("sends what waits at every signal that the application handles", async () => {
  const { emitter, flush } = fakeProcess();
  emitter.on("SIGTERM", () => {});
  for (let round = 1; round <= 3; round += 1) {
    emitter.emit("SIGTERM");
    await setImmediate();
    expect(flush).toHaveBeenCalledTimes(round);
  }
  expect(emitter.listenerCount("SIGTERM")).toBe(2);
});

it("is not counted by a library that ends the process if nobody else listens", () => {
  const { emitter } = fakeProcess();
  let others: number | undefined;
  emitter.on("SIGTERM", () => (others = emitter.listenerCount("SIGTERM") - 1));
  emitter.emit("SIGTERM");
  expect(others).toBe(0);
});

it("goes on in the first process of a container, which no signal ends", async () => {
  const { emitter, kill, flush, shutdown } = fakeProcess(1);
  emitter.emit("SIGTERM");
  await setImmediate();
  expect([flush, shutdown, kill].map((call) => call.mock.calls.length)).toEqual([1, 0, 0]);
  expect(emitter.listenerCount("SIGTERM")).toBe(1);
});

it("can be taken back, also while it is about to listen again", async () => {
  const { emitter, undo } = fakeProcess();
  emitter.on("SIGTERM", () => {});
  emitter.emit("SIGTERM");
  undo();
  await setImmediate();
  expect([emitter.listenerCount("SIGTERM"), emitter.listenerCount("SIGINT")]).toEqual([1, 0]);
});
