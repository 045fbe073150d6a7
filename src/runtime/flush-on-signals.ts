export interface SignalPorts {
  /** Sends what waits; bounded, never rejects. */
  readonly flush: () => Promise<unknown>;
  /** Sends what waits and closes; bounded, never rejects. */
  readonly shutdown: () => Promise<unknown>;
  /** Default: this process. */
  readonly process?: SignalTarget;
}

/** What is needed of `process`. */
export type SignalTarget = Pick<
  NodeJS.Process,
  "off" | "prependListener" | "listenerCount" | "kill" | "pid"
>;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** The first process of a container: what it has no handler for doesn't end it. */
const INIT_PID = 1;

/**
 * Sends what waits when a signal comes, and leaves what becomes of the process to the application:
 *
 * - it handles the signal itself: it does so, and nothing else happens;
 * - it doesn't: the signal ends the process, with the code that it would have ended with, once all is sent. A second
 *   one meanwhile ends it at once.
 *
 * Returns what takes it back.
 */
export function flushOnSignals({ process: target = process, ...ports }: SignalPorts): () => void {
  const undo = SIGNALS.map((signal) => flushOn(signal, target, ports));
  return () => {
    for (const stop of undo) stop();
  };
}

function flushOn(
  signal: NodeJS.Signals,
  target: SignalTarget,
  { flush, shutdown }: Omit<SignalPorts, "process">,
): () => void {
  let stopped = false;

  function received(): void {
    // first of all: a library that ends the process if nobody else listens (signal-exit does) must count right
    target.off(signal, received);
    if (target.listenerCount(signal) > 0 || target.pid === INIT_PID) {
      void flush();
      setImmediate(rearm).unref();
    } else {
      void shutdown().finally(() => target.kill(target.pid, signal));
    }
  }

  function rearm(): void {
    if (!stopped) target.prependListener(signal, received);
  }

  // first in line: a handler that is there `once` is taken off before it runs, and would not be counted any more
  target.prependListener(signal, received);
  return () => {
    stopped = true;
    target.off(signal, received);
  };
}
