import { boundMethod, isMethod, setMethod } from "./own-method.ts";
import { watchSettled } from "./watch-reads.ts";

/** What a promise comes to. Must not throw. */
export interface Settling {
  readonly value: (value: unknown) => void;
  readonly error: (error: unknown) => void;
  /** It was asked for something that has no value to wait for. */
  readonly done: () => void;
}

/**
 * Watches a promise of a class of its own in every way it can be asked; until then nothing happens, as a lazy one starts,
 * or is parsed, only when somebody asks. False for what is no promise, or can't be watched.
 */
export function watchThenable(result: unknown, settling: Settling): boolean {
  try {
    if (typeof result !== "object" || result === null) return false;
    const then = boundMethod(result, "then");
    if (then === undefined) return false;
    setMethod(result, "then", (onValue, onError, ...more) =>
      then(seenValue(onValue, settling), seenError(onError, settling), ...more),
    );
    watchCatch(result, settling);
    watchFinally(result, settling);
    watchResponses(result, settling);
    return true;
  } catch {
    return false;
  }
}

function seenValue(handler: unknown, { value }: Settling) {
  return (settled: unknown) => {
    value(settled);
    return isMethod(handler) ? handler(settled) : settled;
  };
}

function seenError(handler: unknown, { error }: Settling) {
  return (rejected: unknown) => {
    error(rejected);
    if (isMethod(handler)) return handler(rejected);
    throw rejected;
  };
}

function watchCatch(promise: object, settling: Settling): void {
  const original = boundMethod(promise, "catch");
  if (original === undefined) return;
  const { value } = settling;
  setMethod(promise, "catch", (onError) =>
    // an error has been seen by then
    watchSettled(() => original(seenError(onError, settling)), { value, error: () => {} }),
  );
}

function watchFinally(promise: object, settling: Settling): void {
  const original = boundMethod(promise, "finally");
  if (original === undefined) return;
  setMethod(promise, "finally", (...args) => watchSettled(() => original(...args), settling));
}

/** The promises of SDKs give their answer in two more ways. */
function watchResponses(promise: object, settling: Settling): void {
  const { value, error, done } = settling;
  const withResponse = boundMethod(promise, "withResponse");
  const asResponse = boundMethod(promise, "asResponse");
  // the one asks the other
  let isWithin = false;
  if (withResponse) {
    const both = (answer: unknown) => value(dataOf(answer));
    setMethod(promise, "withResponse", (...args) => {
      isWithin = true;
      try {
        return watchSettled(() => withResponse(...args), { value: both, error });
      } finally {
        isWithin = false;
      }
    });
  }
  if (asResponse) {
    setMethod(promise, "asResponse", (...args) =>
      isWithin
        ? asResponse(...args)
        : watchSettled(() => asResponse(...args), { value: done, error }),
    );
  }
}

function dataOf(answer: unknown): unknown {
  return typeof answer === "object" && answer !== null ? Reflect.get(answer, "data") : undefined;
}
