/** The part of `process` that is needed. */
export interface InterruptibleProcess {
  on(signal: "SIGINT" | "SIGTERM", handler: () => void): unknown;
  exit(code: number): void;
}

export interface InterruptOptions {
  readonly process: InterruptibleProcess;
  readonly now: () => number;
  /** Called when the end begins. */
  readonly onFirst: () => void;
}

/** `npm run` passes a Ctrl-C on to a process that got it from the terminal already. */
const SAME_PRESS_MS = 300;

/** Aborts at the first SIGINT or SIGTERM; a later one ends the process at once. */
export function abortOnInterrupt({ process, now, onFirst }: InterruptOptions): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const interrupt = (exitCode: number) => {
    if (!controller.signal.aborted) {
      firstAt = now();
      controller.abort();
      onFirst();
    } else if (now() - firstAt > SAME_PRESS_MS) {
      process.exit(exitCode);
    }
  };
  // as a shell reports a process that a signal has ended
  process.on("SIGINT", () => interrupt(130));
  process.on("SIGTERM", () => interrupt(143));
  return controller.signal;
}
