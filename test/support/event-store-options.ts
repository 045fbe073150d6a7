import type { EventStoreOptions } from "../../src/sinks/event-store/index.ts";

/** A store that has time enough on a busy machine, and keeps all. */
export const STORE_OPTIONS: Omit<EventStoreOptions, "store" | "diagnostics"> = {
  maxBatchSize: 200,
  maxDelayMs: 5,
  maxQueueSize: 10_000,
  timeoutMs: 60_000,
  limitMs: 60_000,
  maxAgeMs: undefined,
  maxEvents: undefined,
};
