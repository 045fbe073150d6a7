import type { Event, EventType } from "../../events/index.ts";

/** What has happened in this process, as the audit log recorded it. */
export interface AuditLog {
  /**
   * Records that fit all filters, newest first. A page may hold fewer than `limit` although there are more: what a
   * query reads is bounded, and the rest is behind `nextCursor`. The log is at its end when that is missing.
   * @throws QUERY_INVALID for a limit, a time or a cursor that can't be
   */
  query(query?: AuditQuery): Promise<AuditPage>;
}

/** Which records are asked for; what is left out does not matter. */
export interface AuditQuery {
  readonly sessionId?: string | undefined;
  readonly eventType?: EventType | undefined;
  /** Events of this time or later. Unix epoch in milliseconds. */
  readonly since?: number | undefined;
  /** Events before this time. Unix epoch in milliseconds. */
  readonly until?: number | undefined;
  /** Records of a page at the most, from 1 to 1,000; default 100. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before, with the same filters. What was recorded since then does not move it. */
  readonly cursor?: string | undefined;
}

export interface AuditPage {
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** Where the next page starts; missing after the last one. */
  readonly nextCursor?: string;
}

export interface AuditRecord {
  /** Higher is later. Consecutive, but for records in which a file speaks of itself. */
  readonly sequence: number;
  readonly event: Event;
}
