import { EventEmitter } from "node:events";
import { asObject } from "../wire/index.ts";
import type { Consumer } from "./consumer.ts";
import type { Hold } from "./dropped-answers.ts";
import { acceptsPipe, hidden, invoke, methodOf, relay, setOwn, settledTap } from "../taps/index.ts";

/** Marks a stream that is tapped already, by any copy of this package; holds its `Reading`. */
const TAPPED = Symbol.for("@rlm-toolkit/observability.tapped");

/**
 * Shows what a caller reads of `stream`. The stream stays the real one; nothing is read ahead of the caller, and
 * cancellation and back-pressure are its own.
 */
export function tapBody(stream: object, hold: Hold, consumer: Consumer): void {
  if (TAPPED in stream) return;
  const reading: Reading = { hold, consumer };
  setOwn(stream, TAPPED, reading);
  if (stream instanceof ReadableStream) tapWebStream(stream);
  else if (stream instanceof EventEmitter) tapNodeStream(stream as EventEmitter, consumer);
}

/** Node's streams emit `data` for every chunk, in whichever way they are read; leaving a loop destroys them. */
function tapNodeStream(stream: EventEmitter, consumer: Consumer): void {
  const iterate = methodOf(stream, Symbol.asyncIterator);
  if (iterate !== undefined) {
    setOwn(stream, Symbol.asyncIterator, () => {
      const iterator = invoke(iterate, stream, []) as object;
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
    return invoke(emit, this, [event, ...args]);
  });
}

/** How a tapped stream is read. */
interface Reading {
  readonly hold: Hold;
  readonly consumer: Consumer;
}

function tapWebStream(stream: ReadableStream): void {
  // what somebody put on this very stream is to be called like what its class has
  const isPlain = Object.getOwnPropertyNames(stream).length === 0;
  Object.defineProperties(stream, isPlain ? SHARED_TAPS : webTaps(stream));
}

type WebMethods = Pick<
  ReadableStream,
  "getReader" | "tee" | "cancel" | "values" | "pipeThrough" | "pipeTo"
>;
/** Called on another stream, a tapped method does what the original does, and shows nothing. */
type TappedStream = ReadableStream & { readonly [TAPPED]?: Reading };

/** What is put on a stream whose own methods are those of `target`. */
function webTaps(target: WebMethods): PropertyDescriptorMap {
  const { getReader, tee, cancel, values, pipeThrough, pipeTo } = target;

  function iterate(this: TappedStream, options?: ReadableStreamIteratorOptions): object {
    const iterator = invoke(values, this, [options]) as object;
    const consumer = this[TAPPED]?.consumer;
    if (consumer === undefined) return iterator;
    tapReads(iterator, "next", consumer);
    // a loop that leaves without cancelling may be followed by another reader
    if (options?.preventCancel !== true) tapStop(iterator, "return", consumer);
    return iterator;
  }

  const taps = {
    getReader(this: TappedStream, ...args: unknown[]) {
      const reader = invoke(getReader, this, args) as ReadableStreamDefaultReader;
      const consumer = this[TAPPED]?.consumer;
      if (consumer === undefined) return reader;
      tapReads(reader, "read", consumer);
      tapStop(reader, "cancel", consumer);
      return reader;
    },
    values: iterate,
    [Symbol.asyncIterator]: iterate,
    cancel(this: TappedStream, ...args: unknown[]) {
      const result = invoke(cancel, this, args);
      if (!this.locked) this[TAPPED]?.consumer.left();
      return result;
    },
    tee(this: TappedStream) {
      const branches = invoke(tee, this, []) as ReadableStream[];
      const reading = this[TAPPED];
      if (reading === undefined) return branches;
      const { hold, consumer } = reading;
      for (const branch of branches) tapBody(branch, hold, consumer.fork());
      consumer.left();
      return branches;
    },
    // pipes read through a reader of their own, which shows nothing: give them one that does
    pipeThrough(this: TappedStream, ...args: unknown[]) {
      const pair = asObject(args[0]) ?? {};
      const pipes =
        acceptsPipe(this, pair["writable"]) && pair["readable"] instanceof ReadableStream;
      return invoke(pipeThrough, pipes ? relay(this).stream : this, args);
    },
    pipeTo(this: TappedStream, ...args: unknown[]) {
      if (!acceptsPipe(this, args[0])) return invoke(pipeTo, this, args);
      const relayed = relay(this);
      return (invoke(pipeTo, relayed.stream, args) as Promise<void>).finally(relayed.release);
    },
  };
  return Object.fromEntries(
    Reflect.ownKeys(taps).map((key) => [key, hidden(Reflect.get(taps, key))]),
  );
}

/** The same functions on every stream, so that all of them keep one shape. */
const SHARED_TAPS = webTaps(ReadableStream.prototype);

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
  const show = settledTap<ReadResult>({
    value(result) {
      if (result.done === true) consumer.finished();
      else consumer.chunk(result.value);
    },
    error(error) {
      if (!isLockReleased(error)) consumer.failed(error);
    },
  });
  replace(target, name, (...args) => show(invoke(original, target, args) as Promise<ReadResult>));
}

/** The reader gave its lock back with a read under way: the stream itself is well. */
function isLockReleased(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && error.code === "ERR_INVALID_STATE";
}

function tapStop(target: object, name: "cancel" | "return", consumer: Consumer): void {
  const original = methodOf(target, name);
  if (original === undefined) return;
  replace(target, name, (...args) => {
    consumer.left();
    return invoke(original, target, args);
  });
}

/** A method that the object has itself, as Node's iterators do, is assigned: it stays as visible as it is. */
function replace(target: object, name: string, method: (...args: unknown[]) => unknown): void {
  if (Object.hasOwn(target, name)) Reflect.set(target, name, method);
  else setOwn(target, name, method);
}
