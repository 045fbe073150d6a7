import { boundMethod, setMethod } from "./own-method.ts";
import type { Reading } from "./watch.ts";
import { watchReads, watchStop } from "./watch-reads.ts";

/** An async generator is its own iterator; the stream of an SDK makes one for each loop. */
export function watchIterable(iterable: object, reading: Reading): void {
  const seen = new WeakSet<object>();
  const watchOnce = (iterator: unknown) => {
    if (typeof iterator !== "object" || iterator === null || seen.has(iterator)) return;
    seen.add(iterator);
    watchReads(iterator, "next", reading);
    watchStop(iterator, "return", reading);
    watchStop(iterator, "throw", reading);
  };
  const iterate = boundMethod(iterable, Symbol.asyncIterator);
  if ("next" in iterable) watchOnce(iterable);
  setMethod(iterable, Symbol.asyncIterator, () => {
    const iterator = reading.run(() => iterate?.());
    watchOnce(iterator);
    return iterator;
  });
}
