import type { Readable } from "node:stream";
import { boundMethod, setMethod } from "./own-method.ts";
import type { Reading } from "./watch.ts";

/** Node's streams say how they end by events, in whichever way they are read; leaving a loop closes them. */
export function watchNodeStream(stream: Readable, reading: Reading): void {
  watchEvents(stream, reading);
  watchLoops(stream, reading);
}

function watchEvents(stream: Readable, reading: Reading): void {
  const emit = boundMethod(stream, "emit");
  const read = boundMethod(stream, "read");
  setMethod(stream, "emit", (...args) => {
    const [event, error] = args;
    if (event === "end") reading.finished();
    else if (event === "error") reading.failed(error);
    else if (event === "close") reading.left();
    return emit?.(...args);
  });
  setMethod(stream, "read", (...args) => reading.run(() => read?.(...args)));
}

/** A loop that is left destroys the stream with an error, which would look like one of its own. */
function watchLoops(stream: Readable, reading: Reading): void {
  const iterate = boundMethod(stream, Symbol.asyncIterator);
  setMethod(stream, Symbol.asyncIterator, () => {
    const iterator = iterate?.() as object;
    const leave = boundMethod(iterator, "return");
    setMethod(iterator, "return", (...args) => {
      reading.left();
      return leave?.(...args);
    });
    return iterator;
  });
}
