import { expect, test } from "vitest";
import { eventIdParts, newEventId, nextEventId } from "./event-id.ts";

test("an id is a UUID that says where it comes from, and that it follows the one before", () => {
  const next = nextEventId();
  const ids = Array.from({ length: 1_000 }, newEventId);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(ids.map(eventIdParts)).toEqual(
    ids.map((_, index) => ({ origin: next.origin, sequence: next.sequence + index })),
  );
});

test.each(["", "7", "5f0c7a60-0000-8000-8000-00000000000g", "x".repeat(40)])(
  "%j is of another form, and all of it is the origin",
  (id) => {
    expect(eventIdParts(id)).toEqual({ origin: id, sequence: 0 });
  },
);
