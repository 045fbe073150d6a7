import { acceptsPipe, relay } from "../taps/index.ts";
import { boundMethod, setMethod } from "./own-method.ts";
import type { Reading } from "./watch.ts";
import { watchReads, watchStop } from "./watch-reads.ts";

/** The stream stays the real one: nothing is read ahead of its reader, and cancelling is its own. */
export function watchWebStream(stream: ReadableStream, reading: Reading): void {
  watchReaders(stream, reading);
  watchIteration(stream, reading);
  watchCancel(stream, reading);
  watchTee(stream, reading);
  watchPipes(stream);
}

function watchReaders(stream: ReadableStream, reading: Reading): void {
  const getReader = boundMethod(stream, "getReader");
  setMethod(stream, "getReader", (...args) => {
    const reader = getReader?.(...args) as object;
    watchReads(reader, "read", reading);
    watchStop(reader, "cancel", reading);
    return reader;
  });
}

function watchIteration(stream: ReadableStream, reading: Reading): void {
  const values = boundMethod(stream, "values");
  const iterate = (options?: unknown) => {
    const iterator = values?.(options) as object;
    watchReads(iterator, "next", reading);
    // a loop that leaves without cancelling may be followed by another reader
    if (!keepsOpen(options)) watchStop(iterator, "return", reading);
    return iterator;
  };
  setMethod(stream, "values", iterate);
  setMethod(stream, Symbol.asyncIterator, iterate);
}

function keepsOpen(options: unknown): boolean {
  return (
    typeof options === "object" &&
    options !== null &&
    Reflect.get(options, "preventCancel") === true
  );
}

function watchCancel(stream: ReadableStream, reading: Reading): void {
  const cancel = boundMethod(stream, "cancel");
  setMethod(stream, "cancel", (...args) => {
    // of a locked stream it is refused
    if (!stream.locked) reading.left();
    return cancel?.(...args);
  });
}

function watchTee(stream: ReadableStream, reading: Reading): void {
  const tee = boundMethod(stream, "tee");
  setMethod(stream, "tee", () => {
    const branches = tee?.() as ReadableStream[];
    for (const branch of branches) watchWebStream(branch, reading.fork());
    reading.left();
    return branches;
  });
}

/** Pipes read through a reader of their own, which shows nothing: they get one that does. */
function watchPipes(stream: ReadableStream): void {
  const pipeTo = boundMethod(stream, "pipeTo");
  const pipeThrough = boundMethod(stream, "pipeThrough");
  setMethod(stream, "pipeTo", (...args) => {
    if (!acceptsPipe(stream, args[0])) return pipeTo?.(...args);
    const relayed = relay(stream);
    const piped = boundMethod(relayed.stream, "pipeTo")?.(...args) as Promise<void>;
    return piped.finally(relayed.release);
  });
  setMethod(stream, "pipeThrough", (...args) => {
    const [pair] = args;
    const writable: unknown =
      typeof pair === "object" && pair !== null ? Reflect.get(pair, "writable") : undefined;
    if (!acceptsPipe(stream, writable)) return pipeThrough?.(...args);
    return boundMethod(relay(stream).stream, "pipeThrough")?.(...args);
  });
}
