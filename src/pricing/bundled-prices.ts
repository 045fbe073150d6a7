import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import type { calcPrice } from "@pydantic/genai-prices";

interface Prices {
  readonly calcPrice: typeof calcPrice;
}

/**
 * The prices of `@pydantic/genai-prices`: half a megabyte of code, which a process without a call never loads, and
 * which the first call does not wait for: its answer is on the way meanwhile.
 */
export class BundledPrices {
  #prices: Prices | undefined;
  #isRequired = false;
  #loading: Promise<void> | undefined;

  get isLoaded(): boolean {
    return this.#prices !== undefined;
  }

  /** At once: a call that has ended is priced without waiting. `undefined` where only `load()` finds them. */
  now(): Prices | undefined {
    if (this.#isRequired) return this.#prices;
    this.#isRequired = true;
    this.#prices ??= requirePrices();
    return this.#prices;
  }

  /** In a moment, when the call that asks for it has been sent. Rejects if they are nowhere. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    await setImmediate();
    this.#prices ??= this.now() ?? (await import("@pydantic/genai-prices"));
  }
}

function requirePrices(): Prices | undefined {
  try {
    // the package's own types say what it exports
    return createRequire(import.meta.url)("@pydantic/genai-prices") as Prices;
  } catch {
    // a bundle has it elsewhere
    return undefined;
  }
}
