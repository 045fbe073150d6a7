// by its own name: the thread that records needs nothing else of the options
import { checkQuery, invalidQuery, queryField, wholeNumber } from "../../config/check-query.ts";
import type { EventQuery } from "./event-store.ts";

const position = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/**
 * `limit` is what it may be.
 * @throws QUERY_INVALID, naming the field and what it may be
 */
export function checkEventQuery(
  query: EventQuery,
  limit: readonly [from: number, to: number],
): void {
  checkQuery("event store", query, {
    sessionId: queryField.text,
    types: queryField.eventTypes,
    since: queryField.time,
    until: queryField.time,
    after: (value) =>
      position(value) && "must be the nextCursor of a page or the position of an event",
    limit: wholeNumber(...limit),
  });
}

/** @throws QUERY_INVALID, before anything is read */
export function checkHandler(handler: unknown): void {
  if (typeof handler !== "function") {
    throw invalidQuery("event store", "replay() needs a function as its second argument");
  }
}
