import type { Diagnostics } from "../../diagnostics/index.ts";
import type { Event } from "../../events/index.ts";
import { backOffMs } from "../../timing/index.ts";
import { isPermanent } from "./database-error.ts";
import { encodeEvent } from "./encode-event.ts";

export interface EventWriterOptions {
  /** Writes rows; resolves with how many were refused for good. What it throws is tried again. */
  readonly append: (rows: readonly string[]) => Promise<number>;
  /** Events of one batch. */
  readonly maxBatchSize: number;
  /** A batch is written when its oldest event has waited for this long. Milliseconds. */
  readonly maxDelayMs: number;
  /** Events that wait or are being written, at the most. */
  readonly maxQueueSize: number;
  readonly diagnostics: Diagnostics;
  /** Told how each try went. */
  readonly onTried: (error?: unknown) => void;
  readonly random?: () => number;
}

export const DESTINATION = "event-store";
/** What one batch may take as JSON, one large event excepted. Characters. */
const MAX_BATCH_CHARACTERS = 4 * 1024 * 1024;

interface Waiter {
  /** Settled events that it waits for. */
  readonly target: number;
  readonly resolve: () => void;
}

/**
 * Writes events as they come, in batches: one is under way at a time, and is tried until it is through. What comes
 * meanwhile waits, up to a limit; beyond it events are dropped and counted.
 */
export class EventWriter {
  readonly #options: EventWriterOptions;
  #queue: Event[] = [];
  /** Events of the batch under way. */
  #underWay = 0;
  #running = false;
  #pushed = 0;
  #settled = 0;
  #waiters: Waiter[] = [];
  /** Ends the present wait, for the batch to fill up or for the next try. */
  #wake: (() => void) | undefined;
  /** Somebody waits until all is written: the next wait is left out, or the present one ended. */
  #hurried = false;
  #oldestSince = 0;
  /** Why events are not taken any more. */
  #refusing: "closed" | "unavailable" | undefined;

  constructor(options: EventWriterOptions) {
    this.#options = options;
  }

  /** Never throws, and does nothing else than to keep the event. */
  push(event: Event): void {
    const { maxBatchSize, maxQueueSize, diagnostics } = this.#options;
    if (this.#refusing !== undefined) return diagnostics.dropped(DESTINATION, this.#refusing, 1);
    if (this.waiting >= maxQueueSize) {
      return diagnostics.dropped(DESTINATION, "queue_full", 1);
    }
    if (this.#queue.length === 0) this.#oldestSince = performance.now();
    this.#queue.push(event);
    this.#pushed += 1;
    if (!this.#running) void this.#run();
    else if (this.#queue.length === maxBatchSize && this.#underWay === 0) this.#wake?.();
  }

  /** Resolves when everything pushed before is written or given up. Nothing waits for a batch to fill up then. */
  async settled(): Promise<void> {
    if (this.#settled === this.#pushed) return;
    const target = this.#pushed;
    const done = new Promise<void>((resolve) => this.#waiters.push({ target, resolve }));
    if (this.#wake) this.#wake();
    else this.#hurried = true;
    await done;
  }

  /** Events that are not written yet. */
  get waiting(): number {
    return this.#queue.length + this.#underWay;
  }

  /** Takes no more events; those that wait are still written. */
  close(): void {
    this.#refusing ??= "closed";
  }

  /** Gives up what is left. */
  abandon(reason: string): void {
    this.#refusing ??= "closed";
    this.#giveUp(reason);
  }

  async #run(): Promise<void> {
    this.#running = true;
    // off the publisher's stack
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const waitedMs = performance.now() - this.#oldestSince;
      if (!this.#isFull()) await this.#wait(this.#options.maxDelayMs - waitedMs);
      await this.#writeBatch();
    }
    this.#hurried = false;
    this.#running = false;
  }

  async #writeBatch(): Promise<void> {
    const { rows, taken, refused } = this.#takeBatch();
    this.#underWay = taken;
    for (const reason of refused) this.#options.diagnostics.dropped(DESTINATION, reason, 1);
    const written = await this.#append(rows);
    // given up meanwhile, and counted as such
    if (this.#underWay === 0) return;
    this.#underWay = 0;
    if (written !== undefined) this.#count(written, rows.length - written);
    this.#settle(taken);
  }

  /** Tries until it is through. How many were written; `undefined`: it was given up. */
  async #append(rows: readonly string[]): Promise<number | undefined> {
    const { append, onTried, random = Math.random } = this.#options;
    for (let attempt = 1; this.#underWay > 0; attempt += 1) {
      try {
        const refused = await append(rows);
        onTried();
        return rows.length - refused;
      } catch (error) {
        onTried(error);
        if (isPermanent(error)) return this.#stop();
        if (this.#underWay > 0) await this.#wait(backOffMs(attempt, random));
      }
    }
    return undefined;
  }

  #stop(): undefined {
    this.#refusing ??= "unavailable";
    this.#giveUp("unavailable");
  }

  #giveUp(reason: string): void {
    const left = this.waiting;
    if (left > 0) this.#options.diagnostics.dropped(DESTINATION, reason, left);
    this.#queue = [];
    this.#underWay = 0;
    this.#settle(left);
    this.#wake?.();
  }

  #takeBatch() {
    const rows: string[] = [];
    const refused: string[] = [];
    let characters = 0;
    let taken = 0;
    for (const event of this.#queue) {
      if (taken >= this.#options.maxBatchSize || characters > MAX_BATCH_CHARACTERS) break;
      taken += 1;
      const encoded = encodeEvent(event);
      if ("refused" in encoded) refused.push(encoded.refused);
      else {
        rows.push(encoded.json);
        characters += encoded.json.length;
      }
    }
    this.#queue.splice(0, taken);
    return { rows, taken, refused };
  }

  #count(written: number, refused: number): void {
    const { diagnostics } = this.#options;
    if (written > 0) diagnostics.exported(DESTINATION, written);
    if (refused > 0) diagnostics.dropped(DESTINATION, "rejected", refused);
  }

  #settle(count: number): void {
    this.#settled += count;
    const [ready, waiting] = split(this.#waiters, ({ target }) => target <= this.#settled);
    this.#waiters = waiting;
    for (const { resolve } of ready) resolve();
  }

  #isFull(): boolean {
    return this.#queue.length >= this.#options.maxBatchSize;
  }

  /** The timer does not keep the process alive. */
  async #wait(delayMs: number): Promise<void> {
    if (this.#hurried || delayMs <= 0) {
      this.#hurried = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

function split<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter((item) => belongs(item)), items.filter((item) => !belongs(item))];
}
