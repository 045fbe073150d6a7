import { AsyncLocalStorage } from "node:async_hooks";

/** What all copies of this package share. */
interface Shared {
  readonly storage: AsyncLocalStorage<unknown>;
  /** Scopes that have not been left. */
  open: number;
  /** Something that has no end is in it. */
  kept: boolean;
}

/**
 * An `AsyncLocalStorage` that is on only while something is in it: up to Node.js 22, one that is on makes each promise of
 * the process dearer, and a streamed answer is read through some twenty promises a chunk.
 */
export class ScopedStorage<T> {
  readonly #shared: Shared;

  /** All with one `key` are one storage: it says who shares, and which shape what is stored has. */
  constructor(key?: symbol) {
    this.#shared = key === undefined ? newlyShared() : sharedUnder(key);
  }

  get(): T | undefined {
    return this.#shared.storage.getStore() as T | undefined;
  }

  /** Runs `fn` in a scope that ends when `leave()` is called. */
  enter<R>(value: T, fn: () => R): R {
    this.#shared.open += 1;
    try {
      return this.#shared.storage.run(value, fn);
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  /** What was entered has settled; what it left running may lose the value. */
  leave(): void {
    const shared = this.#shared;
    if (shared.open === 0) return;
    shared.open -= 1;
    if (shared.open === 0 && !shared.kept) shared.storage.disable();
  }

  /** Runs `fn`, and lets all that it starts keep the value for as long as it lives. */
  keep<R>(value: T, fn: () => R): R {
    this.#shared.kept = true;
    return this.#shared.storage.run(value, fn);
  }
}

function newlyShared(): Shared {
  return { storage: new AsyncLocalStorage(), open: 0, kept: false };
}

function sharedUnder(key: symbol): Shared {
  const found = Reflect.get(globalThis, key) as Shared | undefined;
  if (found?.storage instanceof AsyncLocalStorage) return found;
  const shared = newlyShared();
  Object.defineProperty(globalThis, key, { value: shared });
  return shared;
}
