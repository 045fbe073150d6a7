import type { ResolvedConfig } from "../config/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { createEventStore, type EventStoreSink } from "../sinks/event-store/index.ts";

/** The event store, if one is configured. */
export function createStore(
  { events, shutdownTimeoutMs }: ResolvedConfig,
  diagnostics: Diagnostics,
): EventStoreSink | undefined {
  if (events.store === undefined) return undefined;
  return createEventStore({
    store: events.store,
    maxBatchSize: events.storeMaxBatchSize,
    maxDelayMs: events.storeMaxDelayMs,
    maxQueueSize: events.storeMaxQueueSize,
    timeoutMs: events.storeTimeoutMs,
    maxAgeMs: events.storeMaxAgeMs,
    maxEvents: events.storeMaxEvents,
    // it counts what it could not write, and closes, before the whole shutdown is given up
    limitMs: shutdownTimeoutMs * 0.7,
    diagnostics,
  });
}
