import type { Event } from "../../events/index.ts";

/** That events were lost here. */
export interface QueueGap {
  readonly kind: "lost";
  readonly reason: "queue_full";
  readonly events: number;
}

/** Events on their way to the file. When it is full the next ones are counted, and the place is marked. */
export class EventQueue {
  readonly #items: (Event | QueueGap)[] = [];
  readonly #maxSize: number;
  #lost = 0;
  #taken = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Items that are to be written. */
  get size(): number {
    return this.#items.length + (this.#lost > 0 ? 1 : 0);
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
    if (this.#items.length >= this.#maxSize) {
      this.#lost += 1;
      return false;
    }
    this.#markGap();
    this.#items.push(event);
    return true;
  }

  /** The oldest items; they stay until they are discarded. */
  peek(count: number): readonly (Event | QueueGap)[] {
    if (this.#items.length < this.#maxSize) this.#markGap();
    return this.#items.slice(0, count);
  }

  discard(count: number): void {
    this.#items.splice(0, count);
    this.#taken += count;
  }

  /** Events in it. */
  countEvents(): number {
    return this.#items.filter((item) => !("kind" in item)).length;
  }

  /** Says where events are missing that there was no room for. */
  #markGap(): void {
    if (this.#lost === 0) return;
    this.#items.push({ kind: "lost", reason: "queue_full", events: this.#lost });
    this.#lost = 0;
  }
}
