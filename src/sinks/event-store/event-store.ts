import type { Event, EventType } from "../../events/index.ts";

/** Which events. Every field narrows; none: all. */
export interface EventQuery {
  readonly sessionId?: string;
  readonly types?: readonly EventType[];
  /** From this time on. Unix epoch in milliseconds. */
  readonly since?: number;
  /** Before this time. Unix epoch in milliseconds. */
  readonly until?: number;
  /** After this position: the cursor. */
  readonly after?: number;
  /** Events at the most. */
  readonly limit?: number;
}

/** An event with its place in the store. */
export interface StoredEvent {
  /** Grows with every event stored, whoever stored it; there are gaps. */
  readonly position: number;
  /** Of the events' schemas when it was written. */
  readonly schemaVersion: number;
  readonly event: Event;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** For `after` of the next page; missing: this was the last one. */
  readonly nextCursor?: number;
}

export interface ReplayReport {
  /** Events that the handler was given. */
  readonly replayed: number;
  /** Events that are not of a kind that this version knows; they were left out. */
  readonly skipped: number;
  /** Position of the last event seen, for `after`; missing: there was none. */
  readonly lastPosition?: number;
}

/** The events that were stored, of all processes that share the store. */
export interface EventStore {
  /**
   * Goes through the events in the order in which they were stored; reads page by page, one page ahead of the loop.
   * What is stored meanwhile is seen if the loop gets there.
   * @throws ObservabilityError `STORE_UNAVAILABLE`; `QUERY_INVALID`, naming the field
   */
  read(query?: EventQuery): AsyncIterable<StoredEvent>;
  /**
   * One page; `limit` is at most 1,000, default 100. It ends earlier where its events are large: after 4 MiB of JSON.
   * @throws ObservabilityError `STORE_UNAVAILABLE`; `QUERY_INVALID`, naming the field
   */
  page(query?: EventQuery): Promise<EventPage>;
  /**
   * Hands events to `handler`, one after another, marked as replayed: so they are not stored or passed on again. A
   * handler that adds up must start from nothing, go on from `after`, or know what it has seen, as
   * `obs.sessionMetrics.restore` and `obs.eventMetrics.restore` do. What it throws ends the replay.
   * @throws ObservabilityError `STORE_UNAVAILABLE`; `QUERY_INVALID`, naming the field
   */
  replay(
    query: EventQuery,
    handler: (event: Event, position: number) => unknown,
  ): Promise<ReplayReport>;
}
