import { ObservabilityError } from "../../errors/index.ts";
import { type Event, isEventType } from "../../events/index.ts";
import type { AuditQuery } from "./audit-log.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** A query that was checked. */
export interface Selection {
  readonly limit: number;
  readonly query: AuditQuery;
  readonly cursor: string | undefined;
  readonly accepts: (event: Event) => boolean;
}

/** @throws QUERY_INVALID, naming the field and what it may be */
export function selectionOf(query: AuditQuery): Selection {
  const given: unknown = query;
  if (typeof given !== "object" || given === null) throw invalidQuery("it must be an object");
  const { sessionId, eventType, since, until, limit = DEFAULT_LIMIT, cursor } = query;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw invalidQuery(`limit must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  if (eventType !== undefined && !isEventType(eventType)) {
    throw invalidQuery("eventType must be one of the event types");
  }
  for (const [name, time] of Object.entries({ since, until })) {
    if (time !== undefined && !Number.isFinite(time)) {
      throw invalidQuery(`${name} must be a time in milliseconds since 1970`);
    }
  }
  return {
    limit,
    query,
    cursor,
    accepts: (event) =>
      (eventType === undefined || event.type === eventType) &&
      (sessionId === undefined || event.sessionId === sessionId) &&
      (since === undefined || event.timestamp >= since) &&
      (until === undefined || event.timestamp < until),
  };
}

export function invalidQuery(problem: string): ObservabilityError {
  return new ObservabilityError("QUERY_INVALID", `Query of the audit log: ${problem}.`);
}
