import { expect, it } from "vitest";
import { RecentIds } from "./recent-ids.ts";

const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `id-${from + index}`);

it("knows an id again for as many others as it remembers", () => {
  const recent = new RecentIds(100);
  expect(ids(0, 1_000).filter((id) => !recent.add(id))).toEqual([]);
  expect(ids(900, 1_000).filter((id) => recent.add(id))).toEqual([]);
});

it("remembers an id that keeps coming, and forgets what came long ago", () => {
  const recent = new RecentIds(10);
  recent.add("again");
  for (const id of ids(0, 1_000)) {
    expect(recent.add(id)).toBe(true);
    expect(recent.add("again")).toBe(false);
  }
  expect(recent.add("id-0")).toBe(true);
});
