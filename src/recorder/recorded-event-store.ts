import { resolve } from "node:path";
import { isObservabilityError, ObservabilityError } from "../errors/index.ts";
import { isReplayed } from "../events/index.ts";
import {
  createEventReader,
  type EventPage,
  type EventQuery,
  type EventStoreOptions,
  type EventStoreSink,
} from "../sinks/event-store/index.ts";
import { recordedSink } from "./recorded-sink.ts";
import type { Recorder } from "./recorder.ts";

/** To open a store, and to make a new one, takes a minute at the most. */
const OPEN_LIMIT_MS = 65_000;

/** The event store, which is written elsewhere. */
export function recordedEventStore(
  recorder: Recorder,
  { timeoutMs }: Omit<EventStoreOptions, "diagnostics">,
  limitMs: number,
): EventStoreSink {
  const tally = recorder.enter("event-store");
  const sink = recordedSink({ recorder, tally, limitMs });

  /** What went wrong is said by `health`. */
  async function ask(name: "finishOpening" | "processEnds"): Promise<void> {
    if (!tally.isClosed) await recorder.ask(OPEN_LIMIT_MS, name).catch(() => {});
  }

  async function fetchPage(query: EventQuery, size: number): Promise<EventPage> {
    if (tally.isClosed) throw unavailable(new Error("the event store is closed"));
    const { sessionId, types, since, until, after } = query;
    const plain = { sessionId, types, since, until, after, limit: size };
    const given = Object.entries(plain).filter(([, value]) => value !== undefined);
    return recorder
      .ask(OPEN_LIMIT_MS + timeoutMs, "pageOfStore", Object.fromEntries(given) as EventQuery)
      .catch((error: unknown) => {
        throw unavailable(error);
      });
  }

  return {
    ...sink,
    handle(event) {
      if (!isReplayed(event)) recorder.add(tally, event);
    },
    finishOpening: () => ask("finishOpening"),
    processEnds: () => ask("processEnds"),
    async shutdown() {
      const { left } = await recorder.close(tally, limitMs);
      if (left > 0) sayWhatIsLeft(recorder, left);
    },
    store: createEventReader(fetchPage),
  };
}

/** A relative folder is where the application is when it says so. */
export function absoluteStore(store: string): string {
  return /^postgres(ql)?:\/\//i.test(store) ? store : resolve(store);
}

function sayWhatIsLeft({ diagnostics }: Recorder, events: number): void {
  const left = `not stored before the end, events: ${events}`;
  diagnostics.warnOnce("event-store", "end", `${left} (what stores them has not answered)`);
}

function unavailable(cause: unknown): ObservabilityError {
  if (isObservabilityError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The event store did not answer: ${reason}`;
  return new ObservabilityError("STORE_UNAVAILABLE", message, { cause });
}
