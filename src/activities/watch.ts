import { abortReason, errorTypeOf } from "../calls/index.ts";
import type { ActivityEnding } from "../events/index.ts";

/** What a function, and what it returned, tells of the activity that it is. */
export interface Watch {
  /** Runs `fn` inside the activity. */
  readonly run: <T>(fn: () => T) => T;
  /** Shown what the function returned, or what its promise came to, if that is no stream; only where it is wanted. */
  readonly returned?: ((value: unknown) => void) | undefined;
  /** Never throws; only the first end counts. */
  readonly end: (ending: ActivityEnding) => void;
}

/** One reader's view of a stream that an activity returned. */
export interface Reading {
  readonly run: Watch["run"];
  readonly finished: () => void;
  readonly failed: (error: unknown) => void;
  /** Left early. The activity is abandoned when everybody has left. */
  readonly left: () => void;
  /** A second reader, such as a branch of the stream. */
  readonly fork: () => Reading;
}

export const SUCCESS: ActivityEnding = { outcome: "success" };

export function createReading(watch: Watch, readers = { present: 1 }): Reading {
  let gone = false;
  return {
    run: watch.run,
    finished: () => watch.end(SUCCESS),
    failed: (error) => watch.end(endingOfActivity(error)),
    left() {
      if (gone) return;
      gone = true;
      readers.present -= 1;
      if (readers.present === 0) watch.end({ outcome: "abandoned", errorType: "left_early" });
    },
    fork() {
      readers.present += 1;
      return createReading(watch, readers);
    },
  };
}

/** As for a call: the caller's own signal or time-out is no error of the activity. */
export function endingOfActivity(error: unknown): ActivityEnding {
  const reason = abortReason(error);
  if (reason !== undefined) return { outcome: "aborted", errorType: reason };
  return { outcome: "error", errorType: errorTypeOf(error) };
}
