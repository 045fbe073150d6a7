/** What a `Date` can hold, in milliseconds around 1970. */
const MAX_TIME_MS = 8.64e15;

/** ISO 8601 in UTC. A time from elsewhere that no calendar has is the nearest one that it has. */
export function isoTime(timestampMs: number): string {
  const timeMs = Math.min(Math.max(timestampMs, -MAX_TIME_MS), MAX_TIME_MS);
  return new Date(Number.isNaN(timeMs) ? 0 : timeMs).toISOString();
}
