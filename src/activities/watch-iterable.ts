import { boundMethod, isMethod, type Method, setMethod } from "./own-method.ts";
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
  const watched = (iterate: Method | undefined): Method => {
    return () => {
      const iterator = reading.run(() => iterate?.());
      watchOnce(iterator);
      return iterator;
    };
  };
  if ("next" in iterable) watchOnce(iterable);
  watchSource(iterable, watched);
  setMethod(iterable, Symbol.asyncIterator, watched(boundMethod(iterable, Symbol.asyncIterator)));
}

/** A stream of OpenAI's or Anthropic's SDK reads its `iterator`, which `tee()` does without asking the stream for one. */
function watchSource(stream: object, watched: (iterate: Method | undefined) => Method): void {
  const field = Object.getOwnPropertyDescriptor(stream, "iterator");
  const iterator: unknown = field?.value;
  if (!isMethod(iterator) || field?.configurable !== true) return;
  if (boundMethod(stream, "tee") === undefined) return;
  // seen by `Object.keys` as it was
  Object.defineProperty(stream, "iterator", { value: watched(iterator.bind(stream)) });
}
