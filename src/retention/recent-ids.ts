/**
 * Remembers ids that were seen lately: the last `size` at least, twice as many at the most. Two sets take turns, so that
 * forgetting takes no time and no list of what came when.
 */
export class RecentIds {
  readonly #size: number;
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether the id is new, as far as is remembered. */
  add(id: string): boolean {
    if (this.#young.has(id)) return false;
    const isNew = !this.#old.has(id);
    this.#young.add(id);
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    return isNew;
  }
}
