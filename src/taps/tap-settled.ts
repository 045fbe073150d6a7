export interface SettledTap<T> {
  /** Must not throw, like `error`. */
  readonly value: (value: T) => void;
  readonly error: (error: unknown) => void;
}

/** Shows what comes of `result`, and hands it on as it is: also what is no promise, as test doubles return. */
export function tapSettled<T>(result: T | Promise<T>, tap: SettledTap<T>): T | Promise<T> {
  return settledTap(tap)(result);
}

/** The same for many results. */
export function settledTap<T>(tap: SettledTap<T>): (result: T | Promise<T>) => T | Promise<T> {
  const onValue = (value: T): T => {
    tap.value(value);
    return value;
  };
  const onError = (error: unknown): never => {
    tap.error(error);
    throw error;
  };
  return (result) => (isThenable(result) ? result.then(onValue, onError) : onValue(result));
}

function isThenable<T>(result: T | Promise<T>): result is Promise<T> {
  return (
    typeof result === "object" &&
    result !== null &&
    "then" in result &&
    typeof result.then === "function"
  );
}
