import { Readable } from "node:stream";
import { createReading, endingOfActivity, SUCCESS, type Watch } from "./watch.ts";
import { watchHelper } from "./watch-helper.ts";
import { watchIterable } from "./watch-iterable.ts";
import { watchNodeStream } from "./watch-node-stream.ts";
import { watchThenable } from "./watch-thenable.ts";
import { watchWebStream } from "./watch-web-stream.ts";

/**
 * Ends an activity by what its function returned, which is handed on as it is: a value ends it at once, a promise
 * when it settles, a stream when it was read to its end, failed, or was left.
 *
 * A plain promise is handed on as a follower with the same value or error: to listen to a promise makes its rejection
 * count as handled, and one that the application forgot would not be reported any more. All else keeps its identity.
 */
export function watchResult<T>(result: T, watch: Watch): T {
  if (isPlainPromise(result)) {
    // a promise of the same value or error stands for it
    return follow(result, watch) as T;
  }
  const isThenable = watchThenable(result, {
    value: (value) => watchValue(value, watch),
    error: (error) => watch.end(endingOfActivity(error)),
    done: () => watch.end(SUCCESS),
  });
  if (!isThenable) watchValue(result, watch);
  return result;
}

/** One that is no more than its value; a promise with properties of its own is not. */
function isPlainPromise(result: unknown): result is Promise<unknown> {
  return (
    result instanceof Promise &&
    Object.getPrototypeOf(result) === Promise.prototype &&
    Object.keys(result).length === 0
  );
}

function follow(promise: Promise<unknown>, watch: Watch): Promise<unknown> {
  return promise.then(
    (value) => {
      watchValue(value, watch);
      return value;
    },
    (error: unknown) => {
      watch.end(endingOfActivity(error));
      throw error;
    },
  );
}

function watchValue(value: unknown, watch: Watch): void {
  try {
    if (watchStream(value, watch)) return;
    watch.returned?.(value);
    watch.end(SUCCESS);
  } catch {
    // frozen, or a proxy that refuses: it can't be seen to end
    watch.end(SUCCESS);
  }
}

/** False for what is no stream. */
function watchStream(value: unknown, watch: Watch): boolean {
  if (typeof value !== "object" || value === null) return false;
  const reading = createReading(watch);
  if (value instanceof ReadableStream) watchWebStream(value, reading);
  else if (value instanceof Readable) watchNodeStream(value, reading);
  else if (watchHelper(value, watch)) return true;
  else if (Symbol.asyncIterator in value) watchIterable(value, reading);
  else return false;
  return true;
}
