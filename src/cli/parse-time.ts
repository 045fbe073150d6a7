import { UsageError } from "./usage-error.ts";

const DAY = /^(\d{4})-(\d\d)-(\d\d)(?!\d)/;

/**
 * Unix milliseconds, or what `Date` reads.
 * @throws UsageError that names the flag; also for a day that no calendar has, which `Date` takes for a later one
 */
export function parseTime(flag: string, text: string): number {
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(ms) && isInCalendar(text)) return ms;
  throw new UsageError(
    `${flag} '${text}' is no time, such as 2026-01-31T12:00:00Z or Unix milliseconds`,
  );
}

function isInCalendar(text: string): boolean {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (day === undefined) return true;
  return (
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  );
}
