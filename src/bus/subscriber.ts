import { AsyncLocalStorage } from "node:async_hooks";
import type { Diagnostics } from "../diagnostics/index.ts";
import { errorName } from "../errors/index.ts";
import { categoryOf, type Event, type EventType } from "../events/index.ts";
import type { HandlerStatistics } from "./bus-statistics.ts";
import { EventQueue } from "./event-queue.ts";
import { flushFor, type HandlerRun, type Running } from "./handler-run.ts";
import { isThenable } from "./is-thenable.ts";
import type { Subscription } from "./subscription.ts";

/** Deliveries of the whole bus, present subscriptions and past ones. */
export interface DeliveryTotals {
  successful: number;
  failed: number;
}

export interface SubscriberPorts {
  readonly diagnostics: Diagnostics;
  readonly totals: DeliveryTotals;
  readonly running: Running;
  /** Called once. */
  readonly onEnd: (subscriber: Subscriber) => void;
}

/** One call of `subscribe()`: hands events to a handler, and keeps what it does to itself. */
export class Subscriber {
  readonly subscription: Subscription;
  readonly #ports: SubscriberPorts;
  readonly #inContext: (turn: () => void) => void = AsyncLocalStorage.snapshot();
  readonly #endByAbort = (): void => this.end();
  #queue: EventQueue | undefined;
  #run: HandlerRun | undefined;
  #ended = false;
  /** It wanted one event, and has it. */
  #spent = false;
  #handled = 0;
  #failed = 0;
  #dropped = 0;
  #lastError: string | undefined;

  constructor(subscription: Subscription, ports: SubscriberPorts) {
    this.subscription = subscription;
    this.#ports = ports;
    if (subscription.queue !== undefined) this.#queue = this.#newQueue();
    subscription.signal?.addEventListener("abort", this.#endByAbort, { once: true });
  }

  get priority(): number {
    return this.subscription.priority ?? 0;
  }

  get statistics(): HandlerStatistics {
    return {
      name: this.subscription.name,
      handled: this.#handled,
      failed: this.#failed,
      dropped: this.#dropped,
      queued: this.#queue?.size ?? 0,
      maxQueueSize: this.#queue?.maxSize ?? 0,
      lastError: this.#lastError,
    };
  }

  wants(type: EventType): boolean {
    const { types, categories } = this.subscription;
    if (types === undefined && categories === undefined) return true;
    return types?.includes(type) === true || categories?.includes(categoryOf[type]) === true;
  }

  deliver(event: Event): void {
    // by a handler that went before it, or for good
    if (this.#ended || this.#spent) return;
    if (this.subscription.once === true) this.#spent = true;
    if (this.#queue !== undefined) this.#queue.push(event);
    else this.#deliverNow(event);
  }

  async forceFlush(): Promise<void> {
    const queue = this.#queue;
    if (queue !== undefined) {
      await flushFor(this.#ports.running, this.#run, () => queue.forceFlush());
    }
  }

  /** Drops what waits; `reason` for the counter. */
  end(reason = "unsubscribed"): void {
    if (this.#ended) return;
    this.#ended = true;
    this.subscription.signal?.removeEventListener("abort", this.#endByAbort);
    this.#count(this.#queue?.discard() ?? 0, reason);
    this.#ports.onEnd(this);
  }

  #deliverNow(event: Event): void {
    const work = this.#handle(event);
    if (work === undefined) return;
    this.#queue ??= this.#newQueue();
    this.#queue.follow(work);
  }

  /** The first event shows whether a handler returns promises. */
  #handle(event: Event): Promise<void> | undefined {
    const isFirst = this.#handled === 0 && this.#failed === 0;
    return this.#queue !== undefined || isFirst ? this.#handleAsRun(event) : this.#call(event);
  }

  #handleAsRun(event: Event): Promise<void> | undefined {
    const run: HandlerRun = { active: true, flushes: 0 };
    this.#run = run;
    const work = this.#ports.running.enter(run, () => this.#call(event));
    if (work === undefined) this.#endRun(run);
    else void work.then(() => this.#endRun(run));
    return work;
  }

  #endRun(run: HandlerRun): void {
    run.active = false;
    this.#ports.running.leave();
    if (this.#run === run) this.#run = undefined;
  }

  /** Calls the handler. A promise stands for one of the handler's, and never rejects. */
  #call(event: Event): Promise<void> | undefined {
    try {
      const result: unknown = this.subscription.handle(event);
      if (result !== undefined && isThenable(result)) return this.#settled(result);
      this.#succeeded();
    } catch (error) {
      this.#failedWith(error);
    }
    return undefined;
  }

  async #settled(result: PromiseLike<unknown>): Promise<void> {
    try {
      await result;
      this.#succeeded();
    } catch (error) {
      this.#failedWith(error);
    }
  }

  #succeeded(): void {
    this.#handled += 1;
    this.#ports.totals.successful += 1;
    if (this.#spent) this.end();
  }

  #failedWith(error: unknown): void {
    const { diagnostics, totals } = this.#ports;
    const { name } = this.subscription;
    this.#lastError = errorName(error);
    this.#failed += 1;
    totals.failed += 1;
    if (this.#spent) this.end();
    diagnostics.handlerFailed(name);
    const message = `an event handler failed (${this.#lastError}); later ones are only counted`;
    diagnostics.warnOnce(name, "handler", message);
  }

  #newQueue(): EventQueue {
    return new EventQueue({
      ...this.subscription.queue,
      handle: (event) => this.#handle(event),
      inContext: this.#inContext,
      onDropped: () => this.#queueFull(),
    });
  }

  #queueFull(): void {
    const { name } = this.subscription;
    this.#count(1, "queue_full");
    this.#ports.diagnostics.warnOnce(
      name,
      "queue",
      "an event handler is too slow, or does not come back: its queue is full, and events are dropped and counted",
    );
  }

  #count(dropped: number, reason: string): void {
    if (dropped === 0) return;
    this.#dropped += dropped;
    this.#ports.diagnostics.dropped(this.subscription.name, reason, dropped);
  }
}
