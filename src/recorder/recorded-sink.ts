import type { Sink } from "../events/index.ts";
import type { Recorder } from "./recorder.ts";
import type { Tally } from "./tally.ts";

export interface RecordedSinkOptions {
  readonly recorder: Recorder;
  readonly tally: Tally;
  /** What a flush may take, and the shutdown: more than the sink itself takes. Milliseconds. */
  readonly limitMs: number;
}

/** A sink that is elsewhere, as the bus has it. */
export function recordedSink({ recorder, tally, limitMs }: RecordedSinkOptions) {
  return {
    name: tally.name,
    handle: (event) => recorder.add(tally, event),
    health: () => recorder.health(tally),
    // what went wrong is said by `health`
    forceFlush: async () => {
      if (!tally.isClosed) await recorder.ask(limitMs, "flush", tally.name).catch(() => {});
    },
    shutdown: async () => void (await recorder.close(tally, limitMs)),
  } satisfies Sink;
}
