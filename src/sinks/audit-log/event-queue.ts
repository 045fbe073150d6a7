import type { Event } from "../../events/index.ts";

/** That events were lost here. */
export interface QueueGap {
  readonly kind: "lost";
  readonly reason: "queue_full";
  readonly events: number;
}

/** Events on their way to the file. When it is full the next ones are counted, and the place is marked. */
export class EventQueue {
  /** The first `#start` of them have left. */
  readonly #items: (Event | QueueGap | undefined)[] = [];
  #start = 0;
  readonly #maxSize: number;
  #lost = 0;
  #taken = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Items that are to be written. */
  get size(): number {
    return this.#length + (this.#lost > 0 ? 1 : 0);
  }

  /** Items that ever were in it. */
  get total(): number {
    return this.#taken + this.size;
  }

  /** Items that have left it. */
  get taken(): number {
    return this.#taken;
  }

  /** False if there was no room. */
  push(event: Event): boolean {
    if (this.#length >= this.#maxSize) {
      this.#lost += 1;
      return false;
    }
    this.#markGap();
    this.#items.push(event);
    return true;
  }

  /** Marks that so many events were lost before they got here. */
  lose(events: number): void {
    this.#lost += events;
  }

  /** The oldest items; they stay until they are discarded. */
  peek(count: number): readonly (Event | QueueGap)[] {
    if (this.#length < this.#maxSize) this.#markGap();
    return this.#items.slice(this.#start, this.#start + count).filter(isThere);
  }

  discard(count: number): void {
    const end = Math.min(this.#start + count, this.#items.length);
    this.#items.fill(undefined, this.#start, end);
    this.#start = end;
    this.#taken += count;
    // moving what is left each time would take longer than writing it
    if (this.#start * 2 < this.#items.length) return;
    this.#items.splice(0, this.#start);
    this.#start = 0;
  }

  /** Events in it. */
  countEvents(): number {
    return this.#items.filter((item) => isThere(item) && !("kind" in item)).length;
  }

  get #length(): number {
    return this.#items.length - this.#start;
  }

  /** Says where events are missing that there was no room for. */
  #markGap(): void {
    if (this.#lost === 0) return;
    this.#items.push({ kind: "lost", reason: "queue_full", events: this.#lost });
    this.#lost = 0;
  }
}

function isThere<T>(item: T | undefined): item is T {
  return item !== undefined;
}
