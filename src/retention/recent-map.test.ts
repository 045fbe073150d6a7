import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { RecentMap } from "./recent-map.ts";

const IDLE_MS = 100;

let nowMs: number;
let dropped: string[];
beforeEach(() => {
  nowMs = 1_000;
  dropped = [];
});

function create(maxSize: number): RecentMap<number> {
  return new RecentMap({
    maxSize,
    idleMs: IDLE_MS,
    now: () => nowMs,
    onDropped: ({ key }, reason) => void dropped.push(`${key} ${reason}`),
  });
}

const keysOf = (map: RecentMap<number>) => map.entries().map(({ key }) => key);

describe("the limit", () => {
  it("makes the entry go that was unused longest, and tells of it", () => {
    const map = create(3);
    for (const key of ["a", "b", "c"]) map.add(key, 0);
    map.use("a");
    map.use("c");
    map.get("b");
    map.add("d", 0);
    map.add("e", 0);
    expect(dropped).toEqual(["b evicted", "a evicted"]);
    expect(keysOf(map)).toEqual(["c", "d", "e"]);
  });

  it("holds when whoever is told of an eviction adds the same key again", () => {
    const seen: string[] = [];
    const map: RecentMap<number> = new RecentMap({
      maxSize: 1,
      idleMs: IDLE_MS,
      now: () => nowMs,
      onDropped: ({ key }) => {
        seen.push(key);
        if (seen.length < 5) map.add("b", 2);
      },
    });
    map.add("a", 1);
    map.add("b", 1);
    expect(seen).toEqual(["a"]);
    expect(map.entries()).toMatchObject([{ key: "b", value: 2 }]);
  });
});

describe("expiry", () => {
  it("comes after the idle time, and is put off by use but not by a look", () => {
    const map = create(10);
    map.add("used", 1);
    map.add("seen", 2);
    nowMs += IDLE_MS - 1;
    expect(map.use("used")).toBe(1);
    expect(map.get("seen")).toBe(2);
    nowMs += 1;
    expect(map.get("seen")).toBeUndefined();
    expect(map.get("used")).toBe(1);
    expect(map.size).toBe(1);
    nowMs += IDLE_MS;
    expect([map.use("used"), map.delete("used"), map.entries()]).toEqual([undefined, false, []]);
    expect(dropped).toEqual(["seen expired", "used expired"]);
  });
});

it("keeps the order of creation, whatever is used, and no number twice", () => {
  const map = create(10);
  for (const key of ["a", "b", "c"]) map.add(key, 0);
  for (const key of ["b", "a", "c", "a"]) map.use(key);
  expect(map.delete("b")).toBe(true);
  expect(map.delete("b")).toBe(false);
  map.add("b", 0);
  expect(map.entries().map(({ key, sequence }) => [key, sequence])).toEqual([
    ["a", 1],
    ["c", 3],
    ["b", 4],
  ]);
  expect(dropped).toEqual([]);
});

/** The same by a list, least recently used first. */
class Model {
  #entries: { key: string; usedAtMs: number }[] = [];

  keys(): string[] {
    this.#entries = this.#entries.filter(({ usedAtMs }) => usedAtMs > nowMs - IDLE_MS);
    return this.#entries.map(({ key }) => key);
  }

  delete(key: string): void {
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
  }

  add(key: string, maxSize: number): void {
    this.keys();
    this.delete(key);
    this.#entries.push({ key, usedAtMs: nowMs });
    this.#entries = this.#entries.slice(-maxSize);
  }

  use(key: string): void {
    if (this.keys().includes(key)) this.add(key, Infinity);
  }
}

it("holds what a plain list of the recently used holds, after any steps", () => {
  const step = fc.record({
    act: fc.constantFrom("add", "use", "delete"),
    key: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
    waitMs: fc.nat({ max: 40 }),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 100 }),
      fc.integer({ min: 1, max: 5 }),
      (steps, max) => {
        const map = create(max);
        const model = new Model();
        for (const { act, key, waitMs } of steps) {
          nowMs += waitMs;
          if (act === "add") map.add(key, 0);
          else map[act](key);
          if (act === "add") model.add(key, max);
          else model[act](key);
          expect(keysOf(map).toSorted()).toEqual(model.keys().toSorted());
          expect(map.size).toBe(model.keys().length);
        }
      },
    ),
  );
});
