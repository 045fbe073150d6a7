import { queryField } from "../../config/index.ts";
import type { Diagnostics } from "../../diagnostics/index.ts";
import {
  type Event,
  type EventType,
  idFrom,
  type Sink,
  type TerminalEvent,
} from "../../events/index.ts";
import { type Entry, RecentMap } from "../../retention/index.ts";
import { CallTotals } from "./call-totals.ts";
import { checkPageQuery, pageOf } from "./page.ts";
import { SessionFields } from "./session-fields.ts";
import type { SessionMetrics } from "./session-metrics.ts";
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
  /** Of all sessions that are known, kept as they come and go: there may be thousands. */
  const all = new CallTotals(0);
  const sessions = recent<SessionState>("session", ({ totals }) => all.subtract(totals));
  const users = recent<CallTotals>("user");
  const fields = new SessionFields({
    priority: PRIORITY,
    diagnostics,
    subscribe: options.subscribe,
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
      if (userId !== undefined) state.userId = userId;
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
    const userId = userOf(event);
    if (userId !== undefined) state.userId = userId;
  }

  return {
    name: "session-metrics",
    priority: PRIORITY,
    types: TYPES,
    remote: true,
    handle(event) {
      if (event.type === "llm_request_completed" || event.type === "llm_request_failed") {
        ended(event);
      } else active(event);
    },
    metrics: {
      get(given) {
        const id = idOf(given);
        return sessions.get(id)?.toRecord(id, fields.byName);
      },
      list(query = {}) {
        checkPageQuery(query, { requests: queryField.flag });
        const { entries, ...page } = pageOf(sessions, query);
        const toRecord = ({ key, value }: Entry<SessionState>) =>
          value.toRecord(key, fields.byName, query.requests ?? true);
        return { sessions: entries.map(toRecord), ...page };
      },
      totals() {
        const count = sessions.size;
        const { first_activity: _first, last_activity: _last, ...totals } = all.toRecord();
        return { count, ...totals };
      },
      clear(given) {
        const state = sessions.get(idOf(given));
        if (state !== undefined) all.subtract(state.totals);
        return sessions.delete(idOf(given));
      },
      user(given) {
        const id = idOf(given);
        const totals = users.get(id);
        return totals && { user_id: id, ...totals.toRecord() };
      },
      users(query = {}) {
        checkPageQuery(query);
        const { entries, ...page } = pageOf(users, query);
        const toRecord = ({ key, value }: Entry<CallTotals>) => ({
          user_id: key,
          ...value.toRecord(),
        });
        return { users: entries.map(toRecord), ...page };
      },
      addField: (name, field) => fields.add(name, field),
    },
  };
}

/** As it is in events; what can't be one there is the empty one, which nothing has. */
function idOf(given: string): string {
  return idFrom(given) ?? "";
}

function userOf({ data }: Event): string | undefined {
  if ("context" in data) return data.context.userId;
  return "userId" in data ? data.userId : undefined;
}
