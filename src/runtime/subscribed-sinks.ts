import type { EventBus, Subscribed } from "../bus/index.ts";
import type { EventHandler, Sink } from "../events/index.ts";
import { within } from "../timing/index.ts";

interface SubscribedSink {
  readonly sink: Sink;
  readonly subscribed: Subscribed;
}

/** The built-in sinks on the bus. Each gets what waits in its queue before it is flushed or closed. */
export class SubscribedSinks {
  readonly #sinks: readonly SubscribedSink[];
  readonly #queueLimitMs: number;

  /** `queueLimitMs`: a sink whose handler hangs for longer is flushed and closed all the same. */
  constructor(bus: EventBus, sinks: readonly Sink[], queueLimitMs: number) {
    this.#sinks = sinks.map((sink) => ({ sink, subscribed: subscribe(bus, sink) }));
    this.#queueLimitMs = queueLimitMs;
  }

  async forceFlush(): Promise<void> {
    await this.#each(async (sink) => sink.forceFlush?.());
  }

  async shutdown(): Promise<void> {
    await this.#each(async (sink) => sink.shutdown?.());
  }

  async #each(finish: (sink: Sink) => Promise<void>): Promise<void> {
    await Promise.allSettled(
      this.#sinks.map(async ({ sink, subscribed }) => {
        if (sink.queue !== undefined) await within(this.#queueLimitMs, subscribed.forceFlush());
        await finish(sink);
      }),
    );
  }
}

/** Field by field: a sink may be an instance of a class. */
function subscribe(bus: EventBus, sink: Sink): Subscribed {
  const { name, priority, types, categories, remote, queue } = sink;
  const handle: EventHandler = (event) => sink.handle(event);
  return bus.subscribe({ name, priority, types, categories, remote, queue, handle });
}
