import { ObservabilityError } from "../../errors/index.ts";
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

/**
 * A cursor is the place of the last entry in the order of creation, which nothing changes: entries that come or go
 * between two pages make no other one be missed or told twice.
 * @throws QUERY_INVALID for a limit or a cursor that can't be
 */
export function pageOf<V>(map: RecentMap<V>, query: PageQuery | null): Page<V> {
  if (typeof query !== "object" || query === null) throw invalidQuery("it must be an object");
  const { limit = Infinity, cursor } = query;
  if (!(limit >= 1)) throw invalidQuery("limit must be a number of at least 1");
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
  throw invalidQuery("cursor must be the nextCursor of a page");
}

function invalidQuery(problem: string): ObservabilityError {
  return new ObservabilityError("QUERY_INVALID", `Query of the session metrics: ${problem}.`);
}
