import { findDescriptor, invoke, methodOf, setOwn } from "../taps/index.ts";
import { Readable } from "node:stream";
import { createUsageChunkFilter, type UsageChunkFilter } from "../wire/index.ts";

/** What each way to read a whole body gives, without the chunk. */
const WHOLE_BODY: Readonly<Record<string, (value: unknown) => unknown>> = {
  text: (value) => (typeof value === "string" ? filtered(Buffer.from(value)).toString() : value),
  arrayBuffer: (value) => (value instanceof ArrayBuffer ? copyOf(filtered(value)).buffer : value),
  bytes: (value) => (value instanceof Uint8Array ? copyOf(filtered(value)) : value),
  buffer: (value) => (value instanceof Uint8Array ? filtered(value) : value),
};

/**
 * Hides the chunk that a streamed answer has only because we asked for usage. The response stays the real one with its
 * status, headers and address, but its body is another stream, which reads the real one as it is read itself.
 */
export function hideUsageChunk(response: Response): void {
  // some proxies mislabel a stream; an answer that is no stream has no such chunk
  if (response.headers.get("content-type")?.includes("json") === true) return;
  for (const [name, filter] of Object.entries(WHOLE_BODY)) {
    override(response, name, (whole) => (whole as Promise<unknown>).then(filter));
  }
  override(response, "blob", async (whole) => {
    const blob = (await whole) as Blob;
    return new Blob([copyOf(filtered(await blob.arrayBuffer()))], { type: blob.type });
  });
  override(response, "clone", (copy) => {
    hideUsageChunk(copy as Response);
    return copy;
  });
  hideInBody(response);
}

function override(response: Response, name: string, change: (result: unknown) => unknown): void {
  const original = methodOf(response, name);
  if (original === undefined) return;
  setOwn(response, name, (...args: unknown[]) => change(invoke(original, response, args)));
}

function hideInBody(response: Response): void {
  const getBody = findDescriptor(response, "body")?.get?.bind(response);
  if (getBody === undefined) return;
  let real: unknown;
  let body: unknown;
  Object.defineProperty(response, "body", {
    configurable: true,
    enumerable: false,
    get() {
      const current: unknown = getBody();
      // `clone()` puts another stream in its place
      if (current !== real) body = filteredBody(current);
      real = current;
      return body;
    },
  });
}

function filteredBody(body: unknown): unknown {
  if (body instanceof ReadableStream) return webStream(body);
  return body instanceof Readable ? nodeStream(body) : body;
}

function webStream(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const filter = createUsageChunkFilter();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return new ReadableStream(
    {
      type: "bytes",
      async pull(controller) {
        reader ??= body.getReader();
        const next = await nextBytes(reader, filter);
        if (next.bytes.byteLength > 0) controller.enqueue(next.bytes);
        if ("error" in next) return controller.error(next.error);
        if (!next.done) return;
        controller.close();
        controller.byobRequest?.respond(0);
      },
      cancel: (reason) => (reader ?? body).cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Not `Readable.from()`: that one waits for what its source gives next before it can be stopped. */
function nodeStream(body: Readable): Readable {
  const filter = createUsageChunkFilter();
  const chunks: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
  async function pushNext(): Promise<void> {
    const next = await chunks.next();
    const bytes = next.done === true ? filter.end() : filter.push(asBytes(next.value));
    if (bytes.byteLength > 0) stream.push(Buffer.from(bytes));
    if (next.done === true) stream.push(null);
    else if (bytes.byteLength === 0) await pushNext();
  }
  const stream = new Readable({
    highWaterMark: 1,
    read: () => void pushNext().catch((error: Error) => stream.destroy(error)),
    destroy(error, callback) {
      if (isLeft(error)) void chunks.return?.();
      body.destroy(error ?? undefined);
      callback(error);
    },
  });
  // node-fetch tells an abort to whatever is `response.body`
  stream.on("error", (error) => body.destroy(error));
  return stream;
}

/** A loop that leaves a stream destroys it with an error of Node's own. */
function isLeft(error: Error | null): boolean {
  return error === null || ("code" in error && error.code === "ABORT_ERR");
}

interface Next {
  readonly bytes: Uint8Array;
  readonly done: boolean;
  /** Comes after the bytes. */
  readonly error?: unknown;
}

/** Reads on until there is something to give. */
async function nextBytes(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  filter: UsageChunkFilter,
): Promise<Next> {
  for (;;) {
    try {
      const { done, value } = await reader.read();
      const bytes = done ? filter.end() : filter.push(asBytes(value));
      if (done || bytes.byteLength > 0) return { bytes, done };
    } catch (error) {
      return { bytes: filter.end(), done: true, error };
    }
  }
}

/** A stream that an application made may give text. */
function asBytes(chunk: unknown): Uint8Array {
  return typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array);
}

function filtered(whole: ArrayBuffer | Uint8Array): Buffer {
  const filter = createUsageChunkFilter();
  const bytes = filter.push(new Uint8Array(whole));
  return Buffer.concat([bytes, filter.end()]);
}

/** In memory of its own. */
function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
