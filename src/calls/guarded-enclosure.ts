import type { Diagnostics } from "../diagnostics/index.ts";
import type { CallContent, Enclosure } from "../events/index.ts";

const MESSAGE = "what encloses the calls threw; spans may be missing";

/** An enclosure that may throw, made safe: the call in it runs exactly once, and its result or error is its own. */
export class GuardedEnclosure<End> implements Enclosure<End> {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly #enclosure: Enclosure<End>;
  readonly #diagnostics: Diagnostics;

  constructor(enclosure: Enclosure<End>, diagnostics: Diagnostics) {
    this.traceId = enclosure.traceId;
    this.spanId = enclosure.spanId;
    this.#enclosure = enclosure;
    this.#diagnostics = diagnostics;
  }

  run<T>(fn: () => T): T {
    let settled: Settled<T> | undefined;
    try {
      this.#enclosure.run(() => void (settled ??= settle(fn)));
    } catch {
      this.#threw();
    }
    settled ??= settle(fn);
    if (settled.failed) throw settled.error;
    return settled.value;
  }

  close(end: End, content?: CallContent): void {
    try {
      this.#enclosure.close(end, content);
    } catch {
      this.#threw();
    }
  }

  #threw(): void {
    this.#diagnostics.handlerFailed("around");
    this.#diagnostics.warnOnce("around", "threw", MESSAGE);
  }
}

type Settled<T> =
  | { readonly failed: false; readonly value: T }
  | { readonly failed: true; readonly error: unknown };

function settle<T>(fn: () => T): Settled<T> {
  try {
    return { failed: false, value: fn() };
  } catch (error) {
    return { failed: true, error };
  }
}
