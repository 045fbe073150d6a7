export { createSessionMetrics, type SessionMetricsSink } from "./create-session-metrics.ts";
export type { PageQuery } from "./page.ts";
export type { SessionField, Widened } from "./session-field.ts";
export type {
  SessionMetrics,
  SessionPage,
  SessionQuery,
  SessionTotals,
  UserPage,
} from "./session-metrics.ts";
export type {
  RequestTotals,
  SessionError,
  SessionFieldValue,
  SessionRecord,
  SessionRequest,
  UserRecord,
} from "./session-record.ts";
