import { EventEmitter } from "node:events";
import type { Answer, Consumer } from "./answer.ts";
import { methodOf, setOwn } from "./own-property.ts";

/** Marks a stream that is tapped already, by any copy of this package; holds the `Hold`. */
const TAPPED = Symbol.for("@rlm-toolkit/observability.tapped");

/** Everything that can still read the answer holds this; once it is collected, nobody can. */
export interface Hold {
  readonly answer: Answer;
}

/**
 * Shows what a caller reads of `stream`. The stream stays the real one; nothing is read ahead of the caller, and
 * cancellation and back-pressure are its own.
 */
export function tapBody(stream: object, hold: Hold): void {
  if (TAPPED in stream) return;
  setOwn(stream, TAPPED, hold);
  const consumer = hold.answer.consumer();
  if (stream instanceof ReadableStream) tapWebStream(stream, hold, consumer);
  else if (stream instanceof EventEmitter) tapNodeStream(stream, consumer);
}

/** Node's streams emit `data` for every chunk, in whichever way they are read; leaving a loop destroys them. */
function tapNodeStream(stream: EventEmitter, consumer: Consumer): void {
  const iterate = methodOf(stream, Symbol.asyncIterator);
  if (iterate !== undefined) {
    setOwn(stream, Symbol.asyncIterator, () => {
      const iterator = Reflect.apply(iterate, stream, []) as object;
      tapStop(iterator, "return", consumer);
      return iterator;
    });
  }
  const emit = stream.emit;
  setOwn(stream, "emit", function tapped(this: EventEmitter, event: string, ...args: unknown[]) {
    if (event === "data") consumer.chunk(args[0]);
    else if (event === "end") consumer.finished();
    else if (event === "error") consumer.failed(args[0]);
    else if (event === "close") consumer.left();
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  });
}

function tapWebStream(stream: ReadableStream, hold: Hold, consumer: Consumer): void {
  const { getReader, tee, cancel, values, pipeThrough, pipeTo } = stream;

  setOwn(stream, "getReader", (...args: unknown[]) => {
    const reader = Reflect.apply(getReader, stream, args) as ReadableStreamDefaultReader;
    tapReads(reader, "read", consumer);
    tapStop(reader, "cancel", consumer);
    return reader;
  });

  function iterate(options?: ReadableStreamIteratorOptions): object {
    const iterator = Reflect.apply(values, stream, [options]) as object;
    tapReads(iterator, "next", consumer);
    // a loop that leaves without cancelling may be followed by another reader
    if (options?.preventCancel !== true) tapStop(iterator, "return", consumer);
    return iterator;
  }
  setOwn(stream, "values", iterate);
  setOwn(stream, Symbol.asyncIterator, iterate);

  setOwn(stream, "cancel", (...args: unknown[]) => {
    const result: unknown = Reflect.apply(cancel, stream, args);
    if (!stream.locked) consumer.left();
    return result;
  });

  setOwn(stream, "tee", () => {
    const branches = Reflect.apply(tee, stream, []) as ReadableStream[];
    for (const branch of branches) tapBody(branch, hold);
    consumer.left();
    return branches;
  });

  // pipes read through a reader of their own, which shows nothing: give them one that does
  setOwn(stream, "pipeThrough", (...args: unknown[]) =>
    Reflect.apply(pipeThrough, readVia(stream), args),
  );
  setOwn(stream, "pipeTo", (...args: unknown[]) => Reflect.apply(pipeTo, readVia(stream), args));
}

/** The same bytes through the tapped reader; holds nothing back, since its queue is empty until it is pulled. */
function readVia(stream: ReadableStream): ReadableStream {
  const reader = stream.getReader() as ReadableStreamDefaultReader;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        reader.releaseLock();
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

interface ReadableStreamIteratorOptions {
  readonly preventCancel?: boolean;
}

interface ReadResult {
  readonly done?: boolean;
  readonly value?: unknown;
}

/** Shows each result to the consumer before the caller gets it. */
function tapReads(target: object, name: "read" | "next", consumer: Consumer): void {
  const original = methodOf(target, name);
  if (original === undefined) return;
  setOwn(target, name, (...args: unknown[]) =>
    (Reflect.apply(original, target, args) as Promise<ReadResult>).then(
      (result) => {
        if (result.value !== undefined && result.done !== true) consumer.chunk(result.value);
        if (result.done === true) consumer.finished();
        return result;
      },
      (error: unknown) => {
        if (!isLockReleased(error)) consumer.failed(error);
        throw error;
      },
    ),
  );
}

/** The reader gave its lock back with a read under way: the stream itself is well. */
function isLockReleased(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && error.code === "ERR_INVALID_STATE";
}

function tapStop(target: object, name: "cancel" | "return", consumer: Consumer): void {
  const original = methodOf(target, name);
  if (original === undefined) return;
  setOwn(target, name, (...args: unknown[]) => {
    consumer.left();
    return Reflect.apply(original, target, args);
  });
}
