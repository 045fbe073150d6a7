import type { Diagnostics } from "../../diagnostics/index.ts";
import { type Event, serializeEvent } from "../../events/index.ts";
import type { Envelope } from "./stream-entry.ts";

const MAX_BATCH_ENTRIES = 200;
/** Of one event, and about that of a batch. A Redis, or a proxy before it, may refuse more than a megabyte. */
const MAX_BYTES = 524_288;

export interface OutboxOptions {
  /** Names this instance in each entry. */
  readonly instance: string;
  /** Events held at the most, those of the batch included. */
  readonly maxSize: number;
  readonly diagnostics: Pick<Diagnostics, "dropped">;
}

/**
 * Events on their way out. They become text when their turn comes, off the stack of whoever published them. The batch
 * stays as it is until somebody says what became of it, so that sending it again sends the same.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting: Event[] = [];
  #batch: readonly Envelope[] = [];
  #sequence = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.length + this.#batch.length;
  }

  get hasFullBatch(): boolean {
    return this.size >= MAX_BATCH_ENTRIES;
  }

  /** Full: the event is dropped and counted, for what has been accepted is sent. */
  add(event: Event): void {
    if (this.size >= this.#options.maxSize) this.#dropped("queue_full", 1);
    else this.#waiting.push(event);
  }

  /** What is to be sent next, in order; empty when nothing is. */
  batch(): readonly Envelope[] {
    if (this.#batch.length === 0) this.#batch = this.#nextBatch();
    return this.#batch;
  }

  /** The batch has been dealt with. */
  settle(): void {
    this.#batch = [];
  }

  /** Gives up all that is left. */
  clear(reason: string): void {
    if (this.size > 0) this.#dropped(reason, this.size);
    this.#waiting = [];
    this.#batch = [];
  }

  #nextBatch(): Envelope[] {
    const batch: Envelope[] = [];
    let bytes = 0;
    let taken = 0;
    for (const event of this.#waiting) {
      if (batch.length >= MAX_BATCH_ENTRIES) break;
      const text = this.#textOf(event);
      const length = text === undefined ? 0 : Buffer.byteLength(text);
      if (bytes + length > MAX_BYTES) break;
      taken += 1;
      bytes += length;
      if (text !== undefined) batch.push(this.#envelope(text));
    }
    this.#waiting.splice(0, taken);
    return batch;
  }

  #envelope(event: string): Envelope {
    this.#sequence += 1;
    return { instance: this.#options.instance, sequence: this.#sequence, event };
  }

  #textOf(event: Event): string | undefined {
    try {
      const text = fittingText(event);
      if (text === undefined) this.#dropped("too_large", 1);
      return text;
    } catch {
      // what an application puts into metadata may have a toJSON() that throws, or no JSON at all
      this.#dropped("unserializable", 1);
      return undefined;
    }
  }

  #dropped(reason: string, count: number): void {
    this.#options.diagnostics.dropped("redis", reason, count);
  }
}

/** A long conversation goes without its text: the figures are what other instances need. */
function fittingText(event: Event): string | undefined {
  const text = serializeEvent(event);
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  if (!("content" in event.data)) return undefined;
  const { content: _, ...data } = event.data;
  const short = serializeEvent({ ...event, data } as Event);
  return Buffer.byteLength(short) <= MAX_BYTES ? short : undefined;
}
