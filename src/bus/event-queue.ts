import type { Event, QueueOptions } from "../events/index.ts";
import { Fifo } from "./fifo.ts";

/** As OTel's batch processors. */
const DEFAULT_MAX_SIZE = 2048;

/** Events that are handled in one turn of the event loop: whoever publishes without end holds up nobody. */
const EVENTS_PER_TURN = 64;

export interface EventQueueOptions extends QueueOptions {
  /** Handles one event. Never throws; a promise that it returns never rejects, and is waited for. */
  readonly handle: (event: Event) => Promise<void> | undefined;
  /** One event was dropped because the queue is full. */
  readonly onDropped: () => void;
  /** Runs `turn` in the async context of the subscriber, not in that of whoever happened to publish. */
  readonly inContext: (turn: () => void) => void;
}

interface Waiter {
  readonly finished: number;
  readonly resolve: () => void;
}

/** Events that wait for one handler. Strictly one at a time, in order, and never on the stack of who pushes. */
export class EventQueue {
  /** Events that may wait. */
  readonly maxSize: number;
  readonly #options: EventQueueOptions;
  readonly #waiting = new Fifo<Event>();
  #waiters: Waiter[] = [];
  #busy = 0;
  #scheduled = false;
  #leftInTurn = 0;
  #accepted = 0;
  #finished = 0;

  constructor(options: EventQueueOptions) {
    this.#options = options;
    this.maxSize = options.maxSize ?? DEFAULT_MAX_SIZE;
  }

  /** Events that wait or are being handled. */
  get size(): number {
    return this.#waiting.size + this.#busy;
  }

  push(event: Event): void {
    const full = this.#waiting.size >= this.maxSize;
    if (full && this.#options.overflow !== "drop-oldest") return this.#options.onDropped();
    if (full) {
      this.#waiting.shift();
      this.#finish();
    }
    this.#accepted += 1;
    this.#waiting.push(event);
    if (this.#busy === 0) this.#schedule();
    // last: the report of it is an event, too, which comes after this one
    if (full) this.#options.onDropped();
  }

  /** Nothing is handled until `work` is done, which never rejects. */
  follow(work: Promise<void>): void {
    this.#accepted += 1;
    this.#await(work);
  }

  /** Resolves when all that has been pushed by now is handled or dropped. */
  async forceFlush(): Promise<void> {
    const finished = this.#accepted;
    if (this.#finished >= finished) return;
    await new Promise<void>((resolve) => void this.#waiters.push({ finished, resolve }));
  }

  /** Drops what waits, and tells how much that was. */
  discard(): number {
    const { size } = this.#waiting;
    this.#waiting.clear();
    for (let left = size; left > 0; left -= 1) this.#finish();
    return size;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // not `unref`ed: the event loop would sleep over it
    setImmediate(() => {
      this.#scheduled = false;
      this.#leftInTurn = EVENTS_PER_TURN;
      this.#options.inContext(() => this.#handleNext());
    });
  }

  #handleNext(): void {
    while (this.#busy === 0 && this.#waiting.size > 0) {
      if (this.#leftInTurn === 0) return this.#schedule();
      this.#leftInTurn -= 1;
      const event = this.#waiting.shift();
      if (event !== undefined) this.#handle(event);
    }
  }

  #handle(event: Event): void {
    this.#busy += 1;
    const work = this.#options.handle(event);
    this.#busy -= 1;
    if (work === undefined) this.#finish();
    else this.#await(work);
  }

  #await(work: Promise<void>): void {
    this.#busy += 1;
    void work.then(() => {
      this.#busy -= 1;
      this.#finish();
      if (!this.#scheduled) this.#handleNext();
    });
  }

  #finish(): void {
    this.#finished += 1;
    if (this.#waiters.length === 0) return;
    const done = this.#waiters.filter(({ finished }) => finished <= this.#finished);
    this.#waiters = this.#waiters.filter(({ finished }) => finished > this.#finished);
    for (const { resolve } of done) resolve();
  }
}
