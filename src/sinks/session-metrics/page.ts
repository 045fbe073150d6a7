import {
  type Checks,
  checkQuery,
  expected,
  invalidCursor,
  queryField,
} from "../../config/index.ts";
import type { Entry, RecentMap } from "../../retention/index.ts";

/** Which part of a list, newest first. */
export interface PageQuery {
  /** Entries at the most, from 1; default all. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before; default the first page. */
  readonly cursor?: string | undefined;
}

/** A part of a list. */
export interface Page<V> {
  readonly entries: readonly Entry<V>[];
  /** Of the whole list. */
  readonly count: number;
  /** Missing on the last page. */
  readonly nextCursor?: string;
}

const SESSION_METRICS = "session metrics";

const pageChecks: Checks = {
  limit: (value) => expected("a number of at least 1", typeof value === "number" && value >= 1),
  cursor: queryField.text,
};

/** @throws QUERY_INVALID, naming the field and what it may be; `more` are fields beside those of a page */
export function checkPageQuery(query: PageQuery, more: Checks = {}): void {
  checkQuery(SESSION_METRICS, query, { ...pageChecks, ...more });
}

/**
 * A cursor is the place of the last entry in the order of creation, which nothing changes: entries that come or go
 * between two pages make no other one be missed or told twice.
 * @throws QUERY_INVALID for a cursor that can't be
 */
export function pageOf<V>(map: RecentMap<V>, { limit = Infinity, cursor }: PageQuery): Page<V> {
  const before = cursor === undefined ? Infinity : placeOf(cursor);
  const all = map.entries();
  let end = all.length;
  while (end > 0 && (all[end - 1]?.sequence ?? 0) >= before) end -= 1;
  const start = Math.max(0, end - Math.floor(limit));
  const entries = all.slice(start, end).toReversed();
  const last = entries.at(-1);
  const page = { entries, count: all.length };
  return start > 0 && last ? { ...page, nextCursor: String(last.sequence) } : page;
}

function placeOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw invalidCursor(SESSION_METRICS);
}
