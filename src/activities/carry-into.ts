import { boundMethod, setMethod } from "./own-method.ts";

type Run = <T>(fn: () => T) => T;

/**
 * The body of an async generator runs when it is read, in the context of its reader: with this it runs by what
 * `capture` gives, as if it had run when it was made. Everything else is left alone.
 */
export function carryInto<T>(result: T, capture: () => Run): T {
  if (typeof result !== "object" || result === null || !isAsyncGenerator(result)) return result;
  try {
    const run = capture();
    for (const name of ["next", "return", "throw"]) {
      const original = boundMethod(result, name);
      if (original) setMethod(result, name, (...args) => run(() => original(...args)));
    }
  } catch {
    // frozen: it runs where it is read
  }
  return result;
}

function isAsyncGenerator(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object AsyncGenerator]";
}
