/** What a `Date` can hold, from 1970 on. */
const LATEST_MS = 8.64e15;

/** ISO 8601 in UTC, of Unix milliseconds; what no calendar has becomes the nearest time that it has. */
export function isoTime(milliseconds: number): string {
  return new Date(Math.min(Math.max(Math.trunc(milliseconds), 0), LATEST_MS)).toISOString();
}
