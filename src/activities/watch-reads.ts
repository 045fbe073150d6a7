import { boundMethod, setMethod } from "./own-method.ts";
import type { Reading } from "./watch.ts";

interface ReadResult {
  readonly done?: boolean;
}

/** Shows what `next()` or `read()` brings, and runs it inside the activity: what it awaits belongs there. */
export function watchReads(target: object, name: "next" | "read", reading: Reading): void {
  const original = boundMethod(target, name);
  if (original === undefined) return;
  setMethod(target, name, (...args) =>
    watchSettled(() => reading.run(() => original(...args)), {
      value(result) {
        if ((result as ReadResult | undefined)?.done === true) reading.finished();
      },
      error: reading.failed,
    }),
  );
}

/** Shows that a reader stops: `return()`, `throw()` or `cancel()`. What it still does belongs to the activity. */
export function watchStop(
  target: object,
  name: "return" | "throw" | "cancel",
  reading: Reading,
): void {
  const original = boundMethod(target, name);
  if (original === undefined) return;
  setMethod(target, name, (...args) =>
    watchSettled(() => reading.run(() => original(...args)), {
      value: reading.left,
      error: name === "cancel" ? reading.left : reading.failed,
    }),
  );
}

interface Settled {
  readonly value: (value: unknown) => void;
  readonly error: (error: unknown) => void;
}

/** What comes of `call`, shown and handed on, whether at once or later. */
export function watchSettled(call: () => unknown, { value, error }: Settled): unknown {
  let result: unknown;
  try {
    result = call();
  } catch (thrown) {
    error(thrown);
    throw thrown;
  }
  if (!(result instanceof Promise)) {
    value(result);
    return result;
  }
  return result.then(
    (settled: unknown) => {
      value(settled);
      return settled;
    },
    (rejected: unknown) => {
      error(rejected);
      throw rejected;
    },
  );
}
