import { describe, expect, it } from "vitest";
import { createEvent, type Event } from "../../events/index.ts";
import { EventQueue } from "./event-queue.ts";

const eventAt = (atMs: number): Event => createEvent("system_stopped", { lost: 0 }, atMs);

function timesOf(items: readonly (Event | { kind: string })[]): (number | string)[] {
  return items.map((item) => ("kind" in item ? item.kind : item.timestamp));
}

describe("the queue of events", () => {
  it("gives them in order, and keeps them until they are discarded", () => {
    const queue = new EventQueue(10);
    for (let atMs = 0; atMs < 5; atMs += 1) queue.push(eventAt(atMs));
    expect(timesOf(queue.peek(3))).toEqual([0, 1, 2]);
    queue.discard(2);
    expect(timesOf(queue.peek(9))).toEqual([2, 3, 4]);
    expect([queue.size, queue.taken, queue.total, queue.countEvents()]).toEqual([3, 2, 5, 3]);
  });

  it("says once, between what it took, how many it had no room for", () => {
    const queue = new EventQueue(2);
    expect([0, 1, 2, 3].map((atMs) => queue.push(eventAt(atMs)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([queue.size, queue.total]).toEqual([3, 3]);
    queue.discard(1);
    expect(queue.push(eventAt(4))).toBe(true);
    expect(queue.peek(9).slice(1)).toEqual([
      { kind: "lost", reason: "queue_full", events: 2 },
      expect.objectContaining({ timestamp: 4 }),
    ]);
  });

  it("says it also when nothing comes any more", () => {
    const queue = new EventQueue(1);
    queue.push(eventAt(0));
    queue.push(eventAt(1));
    queue.discard(1);
    expect(timesOf(queue.peek(9))).toEqual(["lost"]);
    expect(queue.countEvents()).toBe(0);
  });

  it("holds what it should through many rounds", () => {
    const queue = new EventQueue(1_000);
    const given: (number | string)[] = [];
    for (let atMs = 0; atMs < 3_000; atMs += 1) {
      queue.push(eventAt(atMs));
      if (atMs % 7 !== 0) continue;
      const items = queue.peek(7);
      given.push(...timesOf(items));
      queue.discard(items.length);
    }
    given.push(...timesOf(queue.peek(1_000)));
    expect(given).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
  });
});
