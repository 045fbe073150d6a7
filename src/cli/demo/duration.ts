import { UsageError } from "../usage-error.ts";

/** Timers of Node.js go wrong past 2^31 ms. */
const MAX_DURATION_MS = 500 * 3_600_000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads `500ms`, `30s`, `2m` or `1h` as milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = UNIT_MS[unit ?? ""];
  const durationMs = Number(amount) * (factor ?? Number.NaN);
  if (durationMs > 0 && durationMs <= MAX_DURATION_MS) return durationMs;
  throw new UsageError(
    `--duration '${text}' is not a duration such as 30s, 5m or 1h (at most 500h)`,
  );
}

/** Minutes and seconds: `02:05`, past an hour `1:02:05`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutesAndSeconds = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? minutesAndSeconds : `${Math.floor(seconds / 3600)}:${minutesAndSeconds}`;
}
