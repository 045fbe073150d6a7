import type { Diagnostics } from "../../diagnostics/index.ts";
import type { Event, EventType, Sink, TerminalEvent } from "../../events/index.ts";
import { CountedOnce, type HeardInstances } from "../../replay/index.ts";
import { RecentMap } from "../../retention/index.ts";
import { CallTotals } from "./call-totals.ts";
import { SessionFields } from "./session-fields.ts";
import type { SessionMetrics } from "./session-metrics.ts";
import { sessionQueries } from "./session-queries.ts";
import { SessionState } from "./session-state.ts";

export interface SessionMetricsOptions {
  /** Sessions, and users, that are kept at the most; the one unused longest goes first. */
  readonly maxSessions: number;
  /** Requests that are kept of each session. */
  readonly maxRequests: number;
  /** What nothing was heard of for this long is forgotten. Milliseconds. */
  readonly retentionMs: number;
  /** Milliseconds; never goes backwards. */
  readonly now: () => number;
  readonly diagnostics: Diagnostics;
  /** Told of each record that made room for another. */
  readonly onEvicted?: (record: "session" | "user") => void;
  /** For the events that own fields are made of. */
  readonly subscribe: (sink: Sink) => () => void;
  /** Those that hand over their events, if any do. */
  readonly heard?: HeardInstances | undefined;
}

export interface SessionMetricsSink extends Sink {
  readonly metrics: SessionMetrics;
}

const PRIORITY = 5;

/** What ends a call, and what a session may do besides. */
const TYPES: readonly EventType[] = [
  "llm_request_completed",
  "llm_request_failed",
  "session_started",
  "session_updated",
  "session_message_added",
  "agent_processing_started",
  "tool_execution_requested",
  "retrieval_started",
  "workflow_started",
  "hitl_approval_requested",
];

/** Adds up what sessions and users have used. A call outside of any session counts for its user alone. */
export function createSessionMetrics(options: SessionMetricsOptions): SessionMetricsSink {
  const { maxSessions, maxRequests, retentionMs, now, diagnostics } = options;
  const once = new CountedOnce("session metrics", options.heard);
  /** Of all sessions that are known, kept as they come and go: there may be thousands. */
  const all = new CallTotals(0);
  const sessions = recent<SessionState>("session", ({ totals }) => all.subtract(totals));
  const users = recent<CallTotals>("user");
  const fields = new SessionFields({
    priority: PRIORITY,
    diagnostics,
    subscribe: options.subscribe,
    isNew: ({ id }) => once.isNew(id),
    stateOf: ({ sessionId, timestamp }) =>
      sessionId === undefined ? undefined : stateOf(sessionId, timestamp),
  });

  function recent<V>(record: "session" | "user", forget?: (value: V) => void): RecentMap<V> {
    return new RecentMap({
      maxSize: maxSessions,
      idleMs: retentionMs,
      now,
      onDropped: ({ value }, reason) => {
        forget?.(value);
        if (reason === "evicted") options.onEvicted?.(record);
      },
    });
  }

  function stateOf(sessionId: string, atMs: number, nowMs = now()): SessionState {
    const known = sessions.use(sessionId, nowMs);
    return known ?? sessions.add(sessionId, new SessionState(atMs, maxRequests), nowMs);
  }

  function ended(event: TerminalEvent): void {
    const { sessionId, timestamp } = event;
    const { userId } = event.data.context;
    if (sessionId === undefined && userId === undefined) return;
    const nowMs = now();
    const state = sessionId === undefined ? undefined : stateOf(sessionId, timestamp, nowMs);
    if (state) {
      state.belongsTo(userId, timestamp);
      state.add(event);
      all.add(event);
    }
    const user = userId ?? state?.userId;
    if (user === undefined) return;
    const known = users.use(user, nowMs);
    const totals = known ?? users.add(user, new CallTotals(timestamp), nowMs);
    totals.add(event);
  }

  function active(event: Event): void {
    if (event.sessionId === undefined) return;
    const state = stateOf(event.sessionId, event.timestamp);
    state.totals.touch(event.timestamp);
    state.belongsTo(userOf(event), event.timestamp);
  }

  function count(event: Event): void {
    if (event.type === "llm_request_completed" || event.type === "llm_request_failed") ended(event);
    else active(event);
  }

  function restore(event: Event): boolean {
    if (!once.take(event)) return false;
    const isCounted = TYPES.includes(event.type);
    if (!isCounted && !fields.wants(event.type)) return false;
    if (isCounted) count(event);
    fields.restore(event);
    return true;
  }

  return {
    name: "session-metrics",
    priority: PRIORITY,
    types: TYPES,
    remote: true,
    handle(event) {
      if (once.isNew(event.id)) count(event);
    },
    metrics: {
      ...sessionQueries({ sessions, users, all, fields }),
      addField: (name, field) => fields.add(name, field),
      restore,
    },
  };
}

function userOf({ data }: Event): string | undefined {
  if ("context" in data) return data.context.userId;
  return "userId" in data ? data.userId : undefined;
}
