import { eventIdParts } from "../events/index.ts";

/** More than ever share a Redis; each takes some 100 bytes. */
const MAX_INSTANCES = 10_000;

/** Other instances whose events have come as they happened, and from which event on. */
export class HeardInstances {
  readonly #firstOf = new Map<string, number>();
  #isFull = false;

  note(id: string): void {
    const { origin, sequence } = eventIdParts(id);
    const first = this.#firstOf.get(origin);
    // what a handler publishes overtakes what it handles
    if (first !== undefined && first <= sequence) return;
    if (first === undefined && this.#firstOf.size >= MAX_INSTANCES) this.#isFull = true;
    else this.#firstOf.set(origin, sequence);
  }

  /** Whether an event has come as it happened, or will; `undefined`: there are too many to know. */
  has(id: string): boolean | undefined {
    const { origin, sequence } = eventIdParts(id);
    const first = this.#firstOf.get(origin);
    if (first !== undefined) return sequence >= first;
    return this.#isFull ? undefined : false;
  }
}
