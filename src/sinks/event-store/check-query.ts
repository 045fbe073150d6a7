import { ObservabilityError } from "../../errors/index.ts";
import { isEventType } from "../../events/index.ts";
import type { EventQuery } from "./event-store.ts";

/** What `limit` may be. */
export interface LimitRange {
  readonly from: number;
  readonly to: number;
}

/** @throws QUERY_INVALID, naming the field and what it may be */
export function checkQuery(query: EventQuery, { from, to }: LimitRange): void {
  const given: unknown = query;
  if (typeof given !== "object" || given === null) throw invalidQuery("it must be an object");
  const { sessionId, types, since, until, after, limit } = query;
  if (limit !== undefined && !isWholeNumber(limit, from, to)) {
    const range = to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`;
    throw invalidQuery(`limit must be a whole number ${range}`);
  }
  if (after !== undefined && !isWholeNumber(after, 0, Number.MAX_SAFE_INTEGER)) {
    throw invalidQuery("after must be the nextCursor of a page or the position of an event");
  }
  if (sessionId !== undefined && typeof sessionId !== "string") {
    throw invalidQuery("sessionId must be a text");
  }
  if (types !== undefined && !isTypes(types)) {
    throw invalidQuery("types must be a list of event types");
  }
  for (const [name, time] of Object.entries({ since, until })) {
    if (time !== undefined && !Number.isFinite(time)) {
      throw invalidQuery(`${name} must be a time in milliseconds since 1970`);
    }
  }
}

function isWholeNumber(value: unknown, from: number, to: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= from && Number(value) <= to;
}

function isTypes(value: unknown): boolean {
  return Array.isArray(value) && value.every((type) => isEventType(type));
}

function invalidQuery(problem: string): ObservabilityError {
  return new ObservabilityError("QUERY_INVALID", `Query of the event store: ${problem}.`);
}
