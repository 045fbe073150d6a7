import type { ScopedStorage } from "../async-scope/index.ts";

/** One call of a handler that has a queue, until its promise is settled. */
export interface HandlerRun {
  active: boolean;
  /** Queues that it waits for at the moment. */
  flushes: number;
}

/** Which handler somebody was called by, over all that it awaits. */
export type Running = ScopedStorage<HandlerRun>;

/**
 * Waits for the queue of the handler that runs as `own`, unless that would be for ever: a handler that flushes from inside
 * would wait for itself, two of them for each other.
 */
export async function flushFor(
  running: Running,
  own: HandlerRun | undefined,
  flush: () => Promise<void>,
): Promise<void> {
  const caller = running.get();
  // what a handler has left behind is no part of it any more
  if (caller?.active !== true) return flush();
  if (own === caller || (own !== undefined && own.flushes > 0)) return;
  caller.flushes += 1;
  await flush();
  caller.flushes -= 1;
}
