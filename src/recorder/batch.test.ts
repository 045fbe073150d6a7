import { expect, test } from "vitest";
import { createEvent } from "../events/index.ts";
import { Batch } from "./batch.ts";

const [a, b, c] = ["a", "b", "c"].map((version) => createEvent("system_started", { version }, 0));
if (!a || !b || !c) throw new Error("three events");

test("an event that several sinks are given one after another is in it once, for all of them", () => {
  const batch = new Batch();
  for (const bit of [1, 2, 4]) batch.add(a, bit);
  batch.add(b, 1);
  expect([batch.size, batch.count(1), batch.count(4)]).toEqual([2, 2, 1]);
  expect(batch.take(10)).toEqual({ kind: "events", events: [a, b], masks: [7, 1], gaps: [] });
  expect(batch.isEmpty).toBe(true);
});

test("one that a handler published in between comes where each sink was given it", () => {
  const batch = new Batch();
  batch.add(a, 1);
  batch.add(b, 1);
  batch.add(b, 2);
  batch.add(a, 2);
  const { events, masks } = batch.take(10);
  expect({ events, masks }).toEqual({ events: [a, b, a], masks: [1, 3, 2] });
});

test("one that is published twice is in it twice", () => {
  const batch = new Batch();
  batch.add(a, 1);
  batch.add(a, 1);
  expect(batch.take(10).masks).toEqual([1, 1]);
});

test("what was lost is said where it was lost, also when the batch leaves in parts", () => {
  const batch = new Batch();
  batch.add(a, 1);
  batch.lose(1);
  batch.lose(2);
  batch.add(b, 1);
  batch.add(c, 1);
  batch.lose(4);
  batch.loseBefore(8);
  expect(batch.take(2)).toEqual({
    kind: "events",
    events: [a, b],
    masks: [1, 1],
    gaps: [
      [0, 8],
      [1, 3],
    ],
  });
  expect(batch.take(2)).toEqual({ kind: "events", events: [c], masks: [1], gaps: [[1, 4]] });
  batch.lose(1);
  batch.loseBefore(1);
  expect(batch.isEmpty).toBe(false);
  expect(batch.take(2)).toEqual({ kind: "events", events: [], masks: [], gaps: [[0, 2]] });
});
