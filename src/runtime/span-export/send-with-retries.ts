import { setTimeout as delay } from "node:timers/promises";
import { ExportError } from "./export-error.ts";
import type { HttpAnswer } from "./http-post.ts";

/** Statuses that OTLP/HTTP calls retryable. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 5_000;
const JITTER = 0.2;

export interface RetryOptions {
  /** Stops waiting and sending; its reason says why. */
  readonly signal: AbortSignal;
  /** Unix milliseconds after which no further try begins. */
  readonly deadlineMs: number;
  /** Once it has fired, somebody waits for the end: what can't be reached is not tried again. */
  readonly closing?: AbortSignal;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random?: () => number;
}

/**
 * Tries `send` until it is accepted, refused for good, or out of time.
 *
 * @throws ExportError
 */
export async function sendWithRetries(
  send: () => Promise<HttpAnswer>,
  { signal, deadlineMs, closing, sleep = sleepUnref, random = Math.random }: RetryOptions,
): Promise<HttpAnswer> {
  for (let attempt = 0; ; attempt++) {
    const result = await send().catch(toExportError);
    if (!(result instanceof ExportError) && result.status < 300) return result;
    const failure =
      result instanceof ExportError ? result : new ExportError("refused", result.status);
    if (signal.aborted) throw stopped(signal);
    // what can't be reached is given up once somebody waits for the end
    const givesUp = failure.status === undefined ? closing : undefined;
    if (!isRetryable(failure) || givesUp?.aborted === true) throw failure;
    const retryAfter = result instanceof ExportError ? undefined : result.retryAfter;
    const waitMs = retryAfterMs(retryAfter) ?? backoffMs(attempt, random);
    if (Date.now() + waitMs >= deadlineMs) throw failure;
    await sleep(waitMs, givesUp ? AbortSignal.any([signal, givesUp]) : signal).catch(() => {
      throw signal.aborted ? stopped(signal) : failure;
    });
  }
}

function isRetryable(failure: ExportError): boolean {
  return failure.status === undefined || RETRYABLE_STATUSES.has(failure.status);
}

function stopped(signal: AbortSignal): ExportError {
  return new ExportError(signal.reason === "shutdown" ? "shutdown" : "timeout");
}

function backoffMs(attempt: number, random: () => number): number {
  const base = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, MAX_BACKOFF_MS);
  return base * (1 + JITTER * (2 * random() - 1));
}

/** Seconds only; a date would depend on the clocks of two machines. */
function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = Number(header?.trim() || Number.NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}

function toExportError(error: unknown): ExportError {
  return error instanceof ExportError ? error : new ExportError("no answer");
}

function sleepUnref(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal, ref: false });
}
