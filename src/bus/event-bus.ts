import { errorName } from "../errors/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { Event, EventHandler, EventType, Publish } from "../events/index.ts";

/** Handlers may publish; this deep, an event is dropped and counted instead of running round in circles. */
const MAX_DEPTH = 8;

export interface Subscription {
  /** Names the handler in counters and messages. */
  readonly name: string;
  readonly handle: EventHandler;
  /** Higher goes first; equal ones in order of subscription. Default 0. */
  readonly priority?: number;
  /** Default: all types. */
  readonly types?: readonly EventType[];
}

export interface EventBus {
  readonly publish: Publish;
  /** Returns a function that ends the subscription. */
  subscribe(subscription: Subscription): () => void;
  readonly statistics: BusStatistics;
}

/** Exact totals since start. */
export interface BusStatistics {
  readonly publishedByType: ReadonlyMap<EventType, number>;
  readonly successfulHandlers: number;
  readonly failedHandlers: number;
  /** Unix epoch in milliseconds. */
  readonly lastEventTime: number | undefined;
}

/** One call of `subscribe()`; the same subscription may be made twice. */
interface Entry {
  readonly subscription: Subscription;
  ended: boolean;
}

/**
 * Hands each event to its subscribers, at once and in order of priority. A handler that throws or rejects is counted
 * and reported, and neither its siblings nor the publisher notice.
 */
export function createEventBus(diagnostics: Diagnostics): EventBus {
  const entries: Entry[] = [];
  /** What `publish` walks: built when first asked for, thrown away when somebody comes or goes. */
  const routes = new Map<EventType, readonly Entry[]>();
  const publishedByType = new Map<EventType, number>();
  let successfulHandlers = 0;
  let failedHandlers = 0;
  let lastEventTime: number | undefined;
  let depth = 0;

  function route(type: EventType): readonly Entry[] {
    const known = routes.get(type);
    if (known) return known;
    const built = entries
      .filter(({ subscription }) => subscription.types?.includes(type) ?? true)
      .toSorted((a, b) => (b.subscription.priority ?? 0) - (a.subscription.priority ?? 0));
    routes.set(type, built);
    return built;
  }

  function failed(name: string, error: unknown): void {
    failedHandlers += 1;
    diagnostics.handlerFailed(name);
    diagnostics.warnOnce(
      name,
      "handler",
      `an event handler failed (${errorName(error)}); later ones are only counted`,
    );
  }

  function deliver({ subscription, ended }: Entry, event: Event): void {
    // by a handler that went before it
    if (ended) return;
    try {
      const result: unknown = subscription.handle(event);
      successfulHandlers += 1;
      if (result instanceof Promise) {
        result.catch((error: unknown) => {
          successfulHandlers -= 1;
          failed(subscription.name, error);
        });
      }
    } catch (error) {
      failed(subscription.name, error);
    }
  }

  return {
    publish(event) {
      if (depth >= MAX_DEPTH) return diagnostics.dropped("bus", "publish_loop", 1);
      depth += 1;
      publishedByType.set(event.type, (publishedByType.get(event.type) ?? 0) + 1);
      lastEventTime = event.timestamp;
      for (const entry of route(event.type)) deliver(entry, event);
      depth -= 1;
    },
    subscribe(subscription) {
      const entry: Entry = { subscription, ended: false };
      entries.push(entry);
      routes.clear();
      return () => {
        if (entry.ended) return;
        entry.ended = true;
        entries.splice(entries.indexOf(entry), 1);
        routes.clear();
      };
    },
    get statistics() {
      return { publishedByType, successfulHandlers, failedHandlers, lastEventTime };
    },
  };
}
