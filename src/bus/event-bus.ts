import { ScopedStorage } from "../async-scope/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { type Event, isEventType, type Publish } from "../events/index.ts";
import type { BusStatistics } from "./bus-statistics.ts";
import type { Running } from "./handler-run.ts";
import { MiddlewareChain } from "./middleware-chain.ts";
import { Routes } from "./routes.ts";
import { type DeliveryTotals, Subscriber } from "./subscriber.ts";
import {
  type Ending,
  endingOf,
  type Middleware,
  type Subscribed,
  type Subscription,
} from "./subscription.ts";

/** Handlers may publish; this deep, an event is dropped and counted instead of running round in circles. */
const MAX_DEPTH = 8;

export interface EventBus {
  /** An event of this process. */
  readonly publish: Publish;
  /**
   * An event of another instance, which whoever brings it brings once: for subscriptions with `remote` alone; middleware
   * has seen it where it was made.
   */
  readonly publishRemote: Publish;
  /** `name` in counters and messages. */
  use(middleware: Middleware, name?: string): Ending;
  subscribe(subscription: Subscription): Subscribed;
  /**
   * Resolves when every queue has handled what it holds now. Never rejects; a handler that hangs is waited for. Called by a
   * handler that has a queue, that one is not waited for, nor others that wait in the same way.
   */
  forceFlush(): Promise<void>;
  /** Ends all subscriptions; what still waits is dropped and counted. */
  shutdown(): void;
  readonly statistics: BusStatistics;
}

/**
 * Hands each event to its subscribers, at once and in order of priority. A handler that throws or rejects is counted
 * and reported, and neither its siblings nor the publisher notice.
 */
export function createEventBus(diagnostics: Diagnostics): EventBus {
  const routes = new Routes();
  const chain = new MiddlewareChain(diagnostics);
  const totals: DeliveryTotals = { successful: 0, failed: 0 };
  const running: Running = new ScopedStorage();
  let lastEventTime: number | undefined;
  let totalRemote = 0;
  let depth = 0;

  function publishLocal(given: Event): void {
    const { type } = given;
    const route = routes.of(type);
    const event = chain.empty ? given : chain.apply(given);
    if (event === undefined) {
      route.filtered += 1;
      return;
    }
    route.published += 1;
    lastEventTime = given.timestamp;
    for (const subscriber of routes.localOf(route, type)) subscriber.deliver(event);
  }

  function deliverRemote(event: Event): void {
    const { type } = event;
    // of a version that knows more types than this one
    if (!isEventType(type)) return diagnostics.dropped("bus", "unknown_type", 1);
    totalRemote += 1;
    for (const subscriber of routes.remoteOf(routes.of(type), type)) subscriber.deliver(event);
  }

  function goingRound(): boolean {
    if (depth < MAX_DEPTH) return false;
    diagnostics.dropped("bus", "publish_loop", 1);
    return true;
  }

  function readStatistics(): BusStatistics {
    const finished = totals.successful + totals.failed;
    return {
      ...routes.statistics,
      totalRemote,
      successfulHandlers: totals.successful,
      failedHandlers: totals.failed,
      successRate: finished === 0 ? 1 : totals.successful / finished,
      lastEventTime,
      handlers: routes.subscribers.map(({ statistics }) => statistics),
      middleware: chain.statistics,
    };
  }

  return {
    publish(event) {
      if (goingRound()) return;
      depth += 1;
      publishLocal(event);
      depth -= 1;
    },
    publishRemote(event) {
      if (goingRound()) return;
      depth += 1;
      deliverRemote(event);
      depth -= 1;
    },
    use: (middleware, name = "middleware") => chain.use(middleware, name),
    subscribe(subscription) {
      if (subscription.signal?.aborted === true) return endingOf(() => {}, NOTHING_TO_FLUSH);
      const onEnd = (ended: Subscriber) => routes.delete(ended);
      const subscriber = new Subscriber(subscription, { diagnostics, totals, running, onEnd });
      routes.add(subscriber);
      return endingOf(() => subscriber.end(), { forceFlush: () => subscriber.forceFlush() });
    },
    async forceFlush() {
      await Promise.all(routes.subscribers.map((subscriber) => subscriber.forceFlush()));
    },
    shutdown() {
      for (const subscriber of routes.subscribers.slice()) subscriber.end("shutdown");
    },
    get statistics() {
      return readStatistics();
    },
  };
}

const NOTHING_TO_FLUSH = { forceFlush: async () => {} };
