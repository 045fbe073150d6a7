import { describe, expect, test } from "vitest";
import { createEvent, type Event, replayed } from "../events/index.ts";
import { CountedOnce } from "./counted-once.ts";
import { HeardInstances } from "./heard-instances.ts";

const own = () => createEvent("system_stopped", { lost: 0 }, 0);

/** What a replay gives. */
const stored = (id: string): Event => replayed({ ...own(), id });

/** Of another process. */
function idOf(instance: number, sequence: number): string {
  return `5f0c7a60-0000-8000-800${instance}-${sequence.toString(16).padStart(12, "0")}`;
}

describe("a replay", () => {
  test("has what happened before the collector was there, once", () => {
    const before: readonly Event[] = [own(), own()];
    const once = new CountedOnce("figures");
    const ids = [...before.map(({ id }) => id), idOf(1, 7), "of no form", ...idsOf(1, [8, 9])];
    expect(ids.map((id) => once.take(stored(id)))).toEqual(ids.map(() => true));
    expect(ids.map((id) => once.take(stored(id)))).toEqual(ids.map(() => false));
  });

  test("has nothing of what this process did since then: it counted as it happened", () => {
    const once = new CountedOnce("figures");
    const since = [own(), own()];
    expect(since.map(({ id }) => once.isNew(id))).toEqual([true, true]);
    expect(since.map(({ id }) => once.take(stored(id)))).toEqual([false, false]);
  });

  test("has of an instance that is heard what it did before, however that was told", () => {
    const heard = new HeardInstances();
    const once = new CountedOnce("figures", heard);
    // what a handler publishes is sent before what it handles
    for (const id of idsOf(1, [6, 5, 7])) heard.note(id);
    expect(idsOf(1, [3, 4, 5, 6, 7, 8]).map((id) => once.take(stored(id)))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(once.take(stored(idOf(2, 8)))).toBe(true);
  });
});

test("what comes late from an instance, and was replayed before, does not count again", () => {
  const heard = new HeardInstances();
  const once = new CountedOnce("figures", heard);
  expect(once.take(stored(idOf(1, 5)))).toBe(true);
  heard.note(idOf(1, 5));
  expect(once.isNew(idOf(1, 5))).toBe(false);
  expect(once.isNew(idOf(1, 6))).toBe(true);
});

test("what can't be remembered is refused, in words", () => {
  const once = new CountedOnce("figures", undefined, 1);
  expect(once.take(stored("a"))).toBe(true);
  expect(() => once.take(stored("b"))).toThrow(
    expect.objectContaining({
      code: "REPLAY_TOO_LARGE",
      message: expect.stringContaining(
        "The figures have counted what they were given until now",
      ) as string,
    }),
  );
  expect(once.take(stored("a"))).toBe(false);
});

test("more instances than can be known apart end all replays of theirs, and none of others", () => {
  const heard = new HeardInstances();
  for (let number = 0; number <= 10_000; number += 1) heard.note(`instance ${number}`);
  const once = new CountedOnce("figures", heard);
  expect(once.take(stored("instance 1"))).toBe(false);
  expect(() => once.take(stored("another"))).toThrow("can't remember more instances");
});

function idsOf(instance: number, sequences: readonly number[]): readonly string[] {
  return sequences.map((sequence) => idOf(instance, sequence));
}

test.each([undefined, null, 7, {}, own()])("%j is no event of a replay, in words", (given) => {
  const once = new CountedOnce("figures");
  expect(() => once.take(given as Event)).toThrow(
    expect.objectContaining({
      code: "EVENT_INVALID",
      message: expect.stringContaining("What the figures were given to restore") as string,
    }),
  );
});
