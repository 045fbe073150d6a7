import { expect, it } from "vitest";
import { alert } from "../../../test/support/alert-event.ts";
import { createEventReader } from "./event-reader.ts";
import type { EventPage, EventQuery } from "./event-store.ts";

/** A store of so many events that has noted what it was asked for. */
function storeOf(count: number) {
  const asked: [EventQuery, number][] = [];
  async function fetchPage(query: EventQuery, size: number): Promise<EventPage> {
    asked.push([query, size]);
    const { after = 0 } = query;
    const length = Math.max(0, Math.min(size, count - after));
    const events = Array.from({ length }, (_none, index) => {
      const position = after + index + 1;
      return { position, schemaVersion: 1, event: alert(String(position), position) };
    });
    return { events, ...(after + length < count && { nextCursor: after + length }) };
  }
  return { asked, reader: createEventReader(fetchPage) };
}

it("has asked for the next page when it hands on the first event of one", async () => {
  const { asked, reader } = storeOf(1_200);
  const seen: [number, number][] = [];
  for await (const { position } of reader.read()) {
    if (position % 500 === 1) seen.push([position, asked.length]);
  }
  expect(seen).toEqual([
    [1, 2],
    [501, 3],
    [1_001, 3],
  ]);
  expect(asked).toEqual([
    [{}, 500],
    [{ after: 500 }, 500],
    [{ after: 1_000 }, 500],
  ]);
});

it.each([
  [0, []],
  [7, [7]],
  [500, [500]],
  [501, [500, 1]],
])("with a limit of %d asks for no more than that", async (limit, sizes) => {
  const { asked, reader } = storeOf(1_200);
  let count = 0;
  for await (const _stored of reader.read({ limit })) count += 1;
  expect(count).toBe(limit);
  expect(asked.map(([, size]) => size)).toEqual(sizes);
});

it("asks for nothing before the loop begins", () => {
  const { asked, reader } = storeOf(3);
  reader.read()[Symbol.asyncIterator]();
  expect(asked).toEqual([]);
});

it("throws what a page threw when the loop gets there, and nowhere if it was left before", async () => {
  const failure = new Error("the second page");
  const { reader: good } = storeOf(600);
  const bad = createEventReader(async ({ after, ...query }) => {
    if (after !== undefined) throw failure;
    return good.page({ ...query, limit: 500 }).then((page) => ({ ...page, nextCursor: 500 }));
  });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { position } of bad.read()) seen.push(position);
  })();
  await expect(reading).rejects.toBe(failure);
  expect(seen).toHaveLength(500);
  for await (const _stored of bad.read()) break;
});
