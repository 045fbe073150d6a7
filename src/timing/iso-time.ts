/** What a `Date` can hold, in milliseconds since 1970. */
const LATEST_MS = 8.64e15;

/** ISO 8601 in UTC, of Unix milliseconds. A time from elsewhere that no calendar has is the nearest one since 1970. */
export function isoTime(timestampMs: number): string {
  const timeMs = Math.min(Math.max(timestampMs, 0), LATEST_MS);
  return new Date(Number.isNaN(timeMs) ? 0 : timeMs).toISOString();
}
