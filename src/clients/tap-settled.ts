export interface SettledTap<T> {
  /** Must not throw, like `error`. */
  readonly value: (value: T) => void;
  readonly error: (error: unknown) => void;
}

/** Shows what comes of `result`, and hands it on as it is: also what is no promise, as test doubles return. */
export function tapSettled<T>(result: T | Promise<T>, tap: SettledTap<T>): T | Promise<T> {
  if (!isThenable(result)) {
    tap.value(result);
    return result;
  }
  return result.then(
    (value) => {
      tap.value(value);
      return value;
    },
    (error: unknown) => {
      tap.error(error);
      throw error;
    },
  );
}

function isThenable<T>(result: T | Promise<T>): result is Promise<T> {
  return (
    typeof result === "object" &&
    result !== null &&
    "then" in result &&
    typeof result.then === "function"
  );
}
