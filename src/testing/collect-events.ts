import type { Event, EventHandler, EventType } from "../events/index.ts";

/** What {@link collectEvents} needs of an `Observability`. */
export interface Subscribable {
  subscribe(handler: EventHandler, options?: { readonly name?: string }): () => void;
}

/** The events that were published while it listened. */
export interface EventCollector {
  readonly events: readonly Event[];
  ofType<T extends EventType>(type: T): readonly Extract<Event, { type: T }>[];
  /** Stops listening; the events stay. */
  stop(): void;
}

/** Keeps every event in memory: for tests, not for programs that run on. */
export function collectEvents(source: Subscribable): EventCollector {
  const events: Event[] = [];
  const stop = source.subscribe((event) => void events.push(event), { name: "collect-events" });
  return {
    events,
    ofType: <T extends EventType>(type: T) =>
      events.filter((event): event is Extract<Event, { type: T }> => event.type === type),
    stop,
  };
}
