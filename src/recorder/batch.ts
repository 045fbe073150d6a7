import type { Event } from "../events/index.ts";
import type { EventBatch } from "./protocol.ts";

type Gap = [index: number, events: number];

/** Events that wait to be handed on together, each once however many sinks it is for. */
export class Batch {
  #events: Event[] = [];
  #masks: number[] = [];
  #gaps: Gap[] = [];

  get size(): number {
    return this.#events.length;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0 && this.#gaps.length === 0;
  }

  /** Whether it was the last to be added, for another sink. */
  endsWith(event: Event, bit: number): boolean {
    const last = this.#events.length - 1;
    return this.#events[last] === event && ((this.#masks[last] ?? 0) & bit) === 0;
  }

  add(event: Event, bit: number): void {
    if (this.endsWith(event, bit)) {
      const last = this.#masks.length - 1;
      this.#masks[last] = (this.#masks[last] ?? 0) | bit;
      return;
    }
    this.#events.push(event);
    this.#masks.push(bit);
  }

  /** Events of the audit log are missing after those that it has. */
  lose(events: number): void {
    const last = this.#gaps.at(-1);
    if (last?.[0] === this.#events.length) last[1] += events;
    else this.#gaps.push([this.#events.length, events]);
  }

  /** Events of the audit log are missing before all that it has. */
  loseBefore(events: number): void {
    const first = this.#gaps[0];
    if (first?.[0] === 0) first[1] += events;
    else this.#gaps.unshift([0, events]);
  }

  /** Events that are for the sink of this bit. */
  count(bit: number): number {
    return this.#masks.reduce((sum, mask) => sum + ((mask & bit) === 0 ? 0 : 1), 0);
  }

  /** The first events, so many at the most. */
  take(max: number): EventBatch {
    const isAll = this.#events.length <= max;
    const events = isAll ? this.#events : this.#events.splice(0, max);
    const masks = isAll ? this.#masks : this.#masks.splice(0, max);
    const gaps = this.#gaps.filter(([index]) => isAll || index < max);
    this.#gaps = this.#gaps.filter(([index]) => !isAll && index >= max);
    for (const gap of this.#gaps) gap[0] -= max;
    if (isAll) {
      this.#events = [];
      this.#masks = [];
    }
    return { kind: "events", events, masks, gaps };
  }
}
