import type { Event, EventType } from "../../events/index.ts";
import type { PageQuery } from "./page.ts";
import type { SessionField } from "./session-field.ts";
import type { RequestTotals, SessionRecord, UserRecord } from "./session-record.ts";

/** What each session and each user has used. Kept in memory, within the bounds of the `sessions` options. */
export interface SessionMetrics {
  /** `undefined`: nothing was heard of it, or nothing for `sessions.retentionMs`. */
  get(sessionId: string): SessionRecord | undefined;
  /**
   * Newest session first.
   * @throws QUERY_INVALID for a limit or a cursor that can't be
   */
  list(query?: SessionQuery): SessionPage;
  /** All sessions that are known, added up. */
  totals(): SessionTotals;
  /**
   * Forgets what a session has used; whether there was anything. A call that is under way counts when it ends, in a
   * record that begins anew. Totals of users and Prometheus metrics stay.
   */
  clear(sessionId: string): boolean;
  user(userId: string): UserRecord | undefined;
  /**
   * Newest user first. A call counts for the user of its context, or else for the one of its session.
   * @throws QUERY_INVALID for a limit or a cursor that can't be
   */
  users(query?: PageQuery): UserPage;
  /**
   * Adds a field of your own to the record of every session, made of events from now on. Returns a function that takes
   * it away again.
   * @throws CONFIGURATION_INVALID for a name that is taken, more than 32 fields, or a field that can't be one
   */
  addField<T extends string | number | boolean, K extends EventType>(
    name: string,
    field: SessionField<T, K>,
  ): () => void;
  /**
   * Counts an event of {@link EventStore.replay}, unless it counted here before: as it happened, or in an earlier
   * replay. Returns whether it was counted now. What was cleared or forgotten since then does not come back by it.
   * @throws EVENT_INVALID for what is no event of a replay; REPLAY_TOO_LARGE when more was replayed than can be told
   *   apart
   */
  restore(event: Event): boolean;
}

export interface SessionQuery extends PageQuery {
  /** `false` leaves the latest requests of each session out, which take most of the time. Default `true`. */
  readonly requests?: boolean | undefined;
}

export interface SessionPage {
  readonly sessions: readonly SessionRecord[];
  /** Sessions that are known, on all pages. */
  readonly count: number;
  /** Where the next page starts; missing after the last one. */
  readonly nextCursor?: string;
}

export interface SessionTotals extends Omit<RequestTotals, "first_activity" | "last_activity"> {
  /** Sessions that are known. */
  readonly count: number;
}

export interface UserPage {
  readonly users: readonly UserRecord[];
  /** Users that are known, on all pages. */
  readonly count: number;
  /** Where the next page starts; missing after the last one. */
  readonly nextCursor?: string;
}
