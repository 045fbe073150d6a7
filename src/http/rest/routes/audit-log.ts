import type * as z from "zod";
import {
  auditLogQuery,
  auditLogSchema,
  type auditRecordSchema,
} from "../../../schemas/rest/audit-log-schema.ts";
import type { AuditRecord } from "../../../sinks/audit-log/index.ts";
import { isoTime } from "../../../timing/index.ts";
import { jsonRoute } from "../json-route.ts";

export const auditLogRoute = jsonRoute({
  method: "GET",
  path: "/events/audit-log",
  operationId: "queryAuditLog",
  summary: "What happened in this process, or in all that write to the same files, newest first",
  description:
    "Without an audit file these are the last events that are in memory. A page may hold fewer records than `limit`; " +
    "the log is at its end when `next_cursor` is null.",
  query: auditLogQuery,
  answer: {
    name: "AuditLog",
    description: "Records that fit all filters.",
    schema: auditLogSchema,
  },
  problems: ["audit-log-failing"],
  async handle({ query, ports }) {
    const { session_id: sessionId, event_type: eventType, limit, cursor } = query;
    const since = milliseconds(query.since);
    const until = milliseconds(query.until);
    const page = await ports.auditLog.query({ sessionId, eventType, since, until, limit, cursor });
    return {
      audit_log: page.records.map(toRecord),
      count: page.records.length,
      filters: {
        session_id: sessionId ?? null,
        event_type: eventType ?? null,
        since: since === undefined ? null : isoTime(since),
        until: until === undefined ? null : isoTime(until),
        limit,
      },
      next_cursor: page.nextCursor ?? null,
    };
  },
});

function milliseconds(time: string | number | undefined): number | undefined {
  return typeof time === "string" ? Date.parse(time) : time;
}

function toRecord({
  chain,
  sequence,
  hash,
  event,
}: AuditRecord): z.output<typeof auditRecordSchema> {
  return {
    chain: chain ?? null,
    sequence,
    hash: hash ?? null,
    event_id: event.id,
    event_type: event.type,
    category: event.category,
    timestamp: isoTime(event.timestamp),
    session_id: event.sessionId ?? null,
    correlation_id: event.correlationId ?? null,
    causation_id: event.causationId ?? null,
    trace_id: event.traceId ?? null,
    span_id: event.spanId ?? null,
    data: { ...event.data },
  };
}
