export interface RecentMapOptions<V> {
  /** Entries at the most; the one unused longest makes room. */
  readonly maxSize: number;
  /** An entry that is unused for this long is dropped. Milliseconds. */
  readonly idleMs: number;
  /** Milliseconds; never goes backwards. */
  readonly now: () => number;
  /** Told of each entry that was dropped, which {@link RecentMap.delete} is not. */
  readonly onDropped?: (dropped: Entry<V>, reason: DropReason) => void;
}

/** `evicted`: the map was full; `expired`: it was unused for too long. */
export type DropReason = "evicted" | "expired";

/** One value with its place in the map. */
export interface Entry<V> {
  readonly key: string;
  readonly value: V;
  /** Grows with each entry; never used twice. */
  readonly sequence: number;
  readonly usedAtMs: number;
}

interface Link<V> extends Entry<V> {
  usedAtMs: number;
  older: Link<V> | undefined;
  newer: Link<V> | undefined;
}

/**
 * Values by key, of which the recently used ones are kept: bounded in number, and in the time that one is unused.
 * Nothing ticks: what has expired goes when somebody looks. Using an entry moves two pointers; the map itself stays in
 * the order of creation, so that a list of it can be paged through while entries come, go and are used.
 */
export class RecentMap<V> {
  readonly #options: RecentMapOptions<V>;
  readonly #links = new Map<string, Link<V>>();
  #oldest: Link<V> | undefined;
  #newest: Link<V> | undefined;
  #sequence = 0;

  constructor(options: RecentMapOptions<V>) {
    this.#options = options;
  }

  /** Entries that have not expired. */
  get size(): number {
    this.#expire(this.#options.now());
    return this.#links.size;
  }

  /** The value, unless it has expired; looking is not using. */
  get(key: string): V | undefined {
    if (this.#links.size === 0) return undefined;
    this.#expire(this.#options.now());
    return this.#links.get(key)?.value;
  }

  /** The value, which is the most recently used one from now on. Who has just read the clock passes the time on. */
  use(key: string, atMs?: number): V | undefined {
    if (this.#links.size === 0) return undefined;
    const nowMs = atMs ?? this.#options.now();
    this.#expire(nowMs);
    const link = this.#links.get(key);
    if (link === undefined) return undefined;
    link.usedAtMs = nowMs;
    if (link !== this.#newest) {
      this.#unlink(link);
      this.#append(link);
    }
    return link.value;
  }

  /** Adds a value under a key that is not in use; the one unused longest makes room for it. */
  add(key: string, value: V, nowMs = this.#options.now()): V {
    this.#expire(nowMs);
    const former = this.#links.get(key);
    if (former) this.#remove(former);
    this.#sequence += 1;
    const link: Link<V> = {
      key,
      value,
      sequence: this.#sequence,
      usedAtMs: nowMs,
      older: undefined,
      newer: undefined,
    };
    this.#links.set(key, link);
    this.#append(link);
    // last, as whoever is told may come back with anything
    if (this.#links.size > this.#options.maxSize && this.#oldest) {
      this.#drop(this.#oldest, "evicted");
    }
    return value;
  }

  /** Whether there was an entry to delete. */
  delete(key: string): boolean {
    this.#expire(this.#options.now());
    const link = this.#links.get(key);
    if (link === undefined) return false;
    this.#remove(link);
    return true;
  }

  /** Those that have not expired, in the order of creation. */
  entries(): readonly Entry<V>[] {
    this.#expire(this.#options.now());
    return [...this.#links.values()];
  }

  #expire(nowMs: number): void {
    const limit = nowMs - this.#options.idleMs;
    while (this.#oldest && this.#oldest.usedAtMs <= limit) this.#drop(this.#oldest, "expired");
  }

  #drop(link: Link<V>, reason: DropReason): void {
    this.#remove(link);
    this.#options.onDropped?.(link, reason);
  }

  #remove(link: Link<V>): void {
    this.#links.delete(link.key);
    this.#unlink(link);
  }

  #append(link: Link<V>): void {
    link.older = this.#newest;
    if (this.#newest) this.#newest.newer = link;
    else this.#oldest = link;
    this.#newest = link;
  }

  #unlink(link: Link<V>): void {
    if (link.older) link.older.newer = link.newer;
    else this.#oldest = link.newer;
    if (link.newer) link.newer.older = link.older;
    else this.#newest = link.older;
    link.older = undefined;
    link.newer = undefined;
  }
}
