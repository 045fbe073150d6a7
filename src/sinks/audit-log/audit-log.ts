import type { Event, EventType } from "../../events/index.ts";

/** What has happened, as the audit log recorded it. */
export interface AuditLog {
  /**
   * Records that fit all filters, newest first. A page may hold fewer than `limit` although there are more: what a
   * query reads is bounded, and the rest is behind `nextCursor`. The log is at its end when that is missing.
   * @throws QUERY_INVALID for a limit, a time or a cursor that can't be
   * @throws AUDIT_LOG_FAILING when the files can't be read; the message says what to do
   */
  query(query?: AuditQuery): Promise<AuditPage>;
  /**
   * Resolves when every event that was published until now is in the file, and on the disk unless `audit.fsync` is
   * `none`; with the last record. Without a file there is nothing to do.
   * @throws AUDIT_LOG_FAILING when that did not succeed; it is tried again, and the message says what to do
   */
  forceFlush(): Promise<AuditHead | undefined>;
  /**
   * The last record of the file that this process writes. Keep it where nobody who can change the file can change it:
   * `rlm-obs audit verify --expect-head` then finds also what was cut off at the end. `undefined` without a file.
   */
  head(): AuditHead | undefined;
}

/** The last record of a chain. */
export interface AuditHead {
  /** Names the files: `audit` for the first process that writes to the folder, `audit-2` for the next. */
  readonly chain: string;
  readonly sequence: number;
  /** 64 hex digits; it is made from all records before it. */
  readonly hash: string;
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
  /** Higher is later, within a chain. Consecutive, but for records in which a file speaks of itself. */
  readonly sequence: number;
  readonly event: Event;
  /** Where in the files the record is; missing for what is kept in memory. */
  readonly chain?: string;
  /** Of the record in the file. */
  readonly hash?: string;
}
