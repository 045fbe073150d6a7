import type { EventType } from "../events/index.ts";

/** Exact since start. */
export interface BusStatistics {
  /** Events of this process that were handed to the subscribers. */
  readonly totalPublished: number;
  readonly publishedByType: ReadonlyMap<EventType, number>;
  /** Events that a middleware dropped; they are not among the published ones. */
  readonly filteredByType: ReadonlyMap<EventType, number>;
  /** Events of other instances. */
  readonly totalRemote: number;
  /** Deliveries to a handler that returned, or whose promise was fulfilled. */
  readonly successfulHandlers: number;
  /** Deliveries to a handler that threw or rejected. */
  readonly failedHandlers: number;
  /** Successful ÷ all finished deliveries, 0 to 1; 1 before the first. */
  readonly successRate: number;
  /** Of the last event of this process; Unix epoch in milliseconds. */
  readonly lastEventTime: number | undefined;
  /** Of the present subscriptions, in order of subscription. */
  readonly handlers: readonly HandlerStatistics[];
  /** In the order in which they run. */
  readonly middleware: readonly MiddlewareStatistics[];
}

/** What became of the events that one subscription was given; their number is `handled + failed + dropped + queued`. */
export interface HandlerStatistics {
  readonly name: string;
  readonly handled: number;
  /** Threw or rejected. */
  readonly failed: number;
  /** Its queue was full. */
  readonly dropped: number;
  /** Waits in its queue, or is being handled by a promise that is not settled. */
  readonly queued: number;
  /** Events that may wait; 0 while it has no queue. */
  readonly maxQueueSize: number;
  /** Class of its last error. */
  readonly lastError: string | undefined;
}

export interface MiddlewareStatistics {
  readonly name: string;
  readonly passed: number;
  /** Passed as an enriched copy; among `passed`. */
  readonly enriched: number;
  readonly dropped: number;
  /** Threw, or returned what is no event: the event passed unchanged; among `passed`. */
  readonly failed: number;
  readonly lastError: string | undefined;
}
