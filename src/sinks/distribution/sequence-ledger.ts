/** Instances that are remembered; of those past it, the one longest silent is forgotten. */
const MAX_INSTANCES = 1_000;

/** What an entry is to somebody who has read others of its instance. */
export interface Standing {
  /** It has been read before. */
  readonly isDuplicate: boolean;
  /** Entries between the last one and this one that never came. */
  readonly missed: number;
}

/**
 * Tells entries that come twice, and those that never came, by the number that each instance gives its own: they are in
 * the stream in order, for an instance adds them all or none at a time. One number for each instance is all it takes.
 */
export class SequenceLedger {
  /** The highest number read; least recently heard of first. */
  readonly #last = new Map<string, number>();

  /** Enters an entry. What an instance sent before it was first heard of is not missed. */
  enter(instance: string, sequence: number): Standing {
    const last = this.#last.get(instance);
    this.#last.delete(instance);
    this.#last.set(instance, Math.max(last ?? 0, sequence));
    if (last === undefined) this.#forgetOldest();
    const isDuplicate = last !== undefined && sequence <= last;
    const missed = last === undefined || isDuplicate ? 0 : sequence - last - 1;
    return { isDuplicate, missed };
  }

  #forgetOldest(): void {
    if (this.#last.size <= MAX_INSTANCES) return;
    for (const instance of this.#last.keys()) {
      this.#last.delete(instance);
      return;
    }
  }
}
