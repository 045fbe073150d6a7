import { errorName, isObservabilityError, ObservabilityError } from "../../../errors/index.ts";
import type { Sleep } from "../../../testing/sleep.ts";
import { openStream, type StreamSource } from "./open-stream.ts";
import { readMessages, type SseMessage, type SseState } from "./sse-messages.ts";

const RETRY_MS = 3_000;
const MAX_RETRY_MS = 30_000;

export interface FollowOptions extends StreamSource {
  readonly sleep: Sleep;
  /** Told when the connection is lost, and how long until the next try. */
  readonly onLost: (reason: string, retryMs: number) => void;
}

/**
 * The messages of an event stream across connections: each asks for what came after the last event that was seen. Ends
 * when `signal` aborts.
 * @throws STREAM_REFUSED when the first connection fails, and for an answer that will be the same next time
 */
export async function* followEvents(options: FollowOptions): AsyncGenerator<SseMessage> {
  const { signal, sleep, onLost } = options;
  const state: SseState = { lastEventId: "", retryMs: RETRY_MS };
  let failures = 0;
  for (let connections = 0; !signal.aborted;) {
    let reason = "the stream ended";
    try {
      const stream = await openStream(options, state.lastEventId);
      connections += 1;
      failures = 0;
      yield* readMessages(stream, state);
    } catch (error) {
      if (signal.aborted) return;
      if (isObservabilityError(error)) throw error;
      reason = reasonOf(error);
      if (connections === 0) throw unreachable(options.url, reason, error);
    }
    if (signal.aborted) return;
    const retryMs = Math.min(state.retryMs * 2 ** failures, MAX_RETRY_MS);
    failures += 1;
    onLost(reason, retryMs);
    await sleep(retryMs, signal).catch(() => {});
  }
}

function unreachable({ origin }: URL, reason: string, cause: unknown): ObservabilityError {
  return new ObservabilityError(
    "STREAM_REFUSED",
    `No event stream from ${origin}: ${reason}. Is the application running? --url takes another address.`,
    { cause },
  );
}

/** `fetch` has the reason in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return errorName(error);
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return error.message;
}
