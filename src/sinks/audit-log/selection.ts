// by its own name: the thread that records needs nothing else of the options
import { checkQuery, invalidCursor, queryField, wholeNumber } from "../../config/check-query.ts";
import type { Event } from "../../events/index.ts";
import type { AuditQuery } from "./audit-log.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const AUDIT_LOG = "audit log";

const checks = {
  sessionId: queryField.text,
  eventType: queryField.eventType,
  since: queryField.time,
  until: queryField.time,
  limit: wholeNumber(1, MAX_LIMIT),
  cursor: queryField.text,
};

/** A query that was checked. */
export interface Selection {
  readonly limit: number;
  readonly query: AuditQuery;
  readonly cursor: string | undefined;
  readonly accepts: (event: Event) => boolean;
}

/** @throws QUERY_INVALID, naming the field and what it may be */
export function selectionOf(query: AuditQuery): Selection {
  checkQuery(AUDIT_LOG, query, checks);
  const { sessionId, eventType, since, until, limit = DEFAULT_LIMIT, cursor } = query;
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

/** For a cursor that no page of the log has given. */
export const noCursor = () => invalidCursor(AUDIT_LOG);
