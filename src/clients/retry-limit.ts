/** An SDK waits for as long as it is told, up to a minute; else for half a second, doubled with each attempt. */
const MAX_TOLD_MS = 60_000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8_000;

/** For a busy event loop. */
const GRACE_MS = 2_000;

/** Milliseconds after which attempt `number` (the first is 0) that was answered with `headers` is repeated no more. */
export function retryLimitMs(number: number, headers?: Headers): number {
  const toldMs = headers && toldDelayMs(headers);
  const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** number, MAX_BACKOFF_MS);
  const fits = toldMs !== undefined && toldMs >= 0 && toldMs <= MAX_TOLD_MS;
  return (fits ? toldMs : backoffMs) + GRACE_MS;
}

function toldDelayMs(headers: Headers): number | undefined {
  const ms = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  if (!Number.isNaN(ms)) return ms;
  const after = headers.get("retry-after");
  if (after === null) return undefined;
  const seconds = Number.parseFloat(after);
  return Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1000;
}
