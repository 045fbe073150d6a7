import { abortReason, errorTypeOf, type Ending, type Operation } from "../calls/index.ts";
import {
  type LlmResponse,
  type StreamReader,
  type StreamScanner,
  streamScannerFor,
  type WireReader,
} from "../wire/index.ts";
import { Consumer, type Safely, type ToldBody } from "./consumer.ts";

/** A JSON answer that is read as a stream is kept up to here to be parsed at its end. Bytes. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** As the SDK calls it, should it not try again. */
const BODY_TIMEOUT: Ending = { outcome: "error", errorType: "APIConnectionTimeoutError" };

export interface AnswerOptions {
  readonly operation: Operation;
  readonly reader: WireReader;
  readonly response: Response;
  /** The caller's own; once it has fired, leaving the answer is no choice any more. */
  readonly signal: AbortSignal | null | undefined;
  readonly safely: Safely;
  /** Told of what would be the end, where whoever reads the answer may try again by itself. */
  readonly onLapse?: ((ending: Ending, received?: LlmResponse) => void) | undefined;
  /** Told when nothing more is to be learned here. */
  readonly onOver?: ((answer: Answer) => void) | undefined;
}

interface StreamState {
  readonly reader: StreamReader;
  readonly scanner: StreamScanner;
}

/** Shows what is read of a response to the operation. Whatever it does, the reading itself is not its business. */
export class Answer implements ToldBody {
  readonly #operation: Operation;
  readonly #reader: WireReader;
  readonly #status: number;
  readonly #safely: Safely;
  readonly #signal: AbortSignal | null | undefined;
  readonly #stream: StreamState | undefined;
  readonly #attemptNumber: number;
  readonly #onLapse: AnswerOptions["onLapse"];
  readonly #onOver: AnswerOptions["onOver"];
  #lapsed = false;
  #buffered: Uint8Array[] = [];
  #bufferedBytes = 0;
  #seenBytes = 0;
  #consumers = 0;

  constructor(options: AnswerOptions) {
    const { operation, reader, response, signal, safely, onLapse, onOver } = options;
    this.#operation = operation;
    this.#attemptNumber = operation.attemptNumber;
    this.#onLapse = onLapse;
    this.#onOver = onOver;
    this.#reader = reader;
    this.#signal = signal;
    this.#safely = safely;
    this.#status = response.status;
    // an error is no stream, whatever its headers say
    if (this.#ok) this.#stream = openStream(reader, response.headers.get("content-type"));
  }

  /** One who reads the bytes from `offset` on. After `tee()` or `clone()` there are several; each byte counts once. */
  consumer(offset = 0): Consumer {
    this.#consumers += 1;
    return new Consumer(this, this.#safely, offset);
  }

  /** @internal bytes from `offset` on, which may have been seen */
  bytes(offset: number, bytes: Uint8Array): void {
    const seen = Math.max(0, this.#seenBytes - offset);
    const fresh = seen === 0 ? bytes : bytes.subarray(seen);
    if (fresh.byteLength === 0 || this.over) return;
    this.#seenBytes = offset + bytes.byteLength;
    if (this.#stream) return this.#streamed(fresh, this.#stream);
    this.#operation.progressed(0);
    if (this.#bulk) return;
    this.#bufferedBytes += fresh.byteLength;
    if (this.#bufferedBytes <= MAX_BUFFERED_BYTES) this.#buffered.push(fresh.slice());
    else this.#buffered = [];
  }

  /** @internal the body was read to its end */
  finished(): void {
    if (this.over) return;
    if (this.#stream) {
      this.#stream.scanner.end();
      return this.#endStream({ outcome: "truncated", errorType: "incomplete_stream" });
    }
    if (this.#bulk) return this.opaque();
    this.text(Buffer.concat(this.#buffered).toString("utf8"));
  }

  /** @internal a consumer stopped before the end */
  left(): void {
    this.#consumers -= 1;
    if (this.#consumers === 0) this.#abandoned("left_early");
  }

  /** The response was dropped by everybody who held it. */
  dropped(): void {
    this.#safely(() => this.#abandoned(this.#seenBytes === 0 ? "never_read" : "left_early"));
  }

  /** @internal reading failed */
  failed(error: unknown): void {
    if (this.over) return;
    const reason = abortReason(error, this.#signal);
    if (reason === "signal" && this.#isGivenUpBySdk) return this.#lapse(BODY_TIMEOUT);
    if (reason !== undefined) return this.#stop({ outcome: "aborted", errorType: reason });
    if (error instanceof SyntaxError) return this.#malformed();
    this.#stop({ outcome: "truncated", errorType: errorTypeOf(error) });
  }

  /** @internal the whole body as bytes */
  whole(bytes: Uint8Array): void {
    if (this.#bulk) return this.opaque();
    this.text(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  }

  /** @internal the whole body as text */
  text(text: string): void {
    if (this.over) return;
    if (this.#bulk) return this.opaque();
    if (this.#stream) {
      this.bytes(0, Buffer.from(text));
      return this.finished();
    }
    if (text === "") return this.#end(this.#reader.readResponse(undefined));
    const response = this.#reader.readResponseText?.(text);
    if (response) return this.#end(response);
    try {
      this.json(JSON.parse(text));
    } catch {
      if (!this.#readMislabelled(text)) this.#malformed();
    }
  }

  /** A stream whose content type does not say so, as sloppy proxies send it: SDKs read it all the same. */
  #readMislabelled(text: string): boolean {
    if (!this.#ok || !this.#operation.call.stream) return false;
    const type = text.startsWith("{") ? "application/x-ndjson" : "text/event-stream";
    const stream = openStream(this.#reader, type);
    stream?.scanner.push(Buffer.from(text));
    stream?.scanner.end();
    if (stream?.reader.complete !== true) return false;
    this.#finish({ outcome: "success" }, stream.reader.response());
    return true;
  }

  /** @internal the whole body, parsed */
  json(body: unknown): void {
    if (!this.over) this.#end(this.#reader.readResponse(body));
  }

  /** There is nothing to read, or it was read in a way that shows nothing of it. */
  opaque(): void {
    if (!this.over) this.#end(this.#reader.readResponse(undefined));
  }

  #streamed(bytes: Uint8Array, { reader, scanner }: StreamState): void {
    scanner.push(bytes);
    this.#operation.progressed(reader.contentChunks);
    if (reader.terminated) this.#endStream({ outcome: "success" });
  }

  #abandoned(errorType: string): void {
    if (this.#signal?.aborted !== true) return this.#stop({ outcome: "abandoned", errorType });
    const reason = abortReason(this.#signal.reason) ?? "signal";
    this.#stop({ outcome: "aborted", errorType: reason });
  }

  #stop(ending: Ending): void {
    if (this.over) return;
    if (this.#stream) return this.#endStream(ending);
    if (this.#ok) return this.#finish(ending);
    const response = this.#reader.readResponse(undefined);
    const refused: Ending = { outcome: "error", errorType: String(this.#status) };
    // an error that nobody wants to know more of: an SDK leaves it so before it tries again
    if (this.#onLapse) return this.#lapse(refused, response);
    this.#end(response);
  }

  #finish(ending: Ending, received?: LlmResponse): void {
    this.#onOver?.(this);
    this.#operation.end(ending, received);
  }

  #lapse(ending: Ending, received?: LlmResponse): void {
    this.#lapsed = true;
    this.#onOver?.(this);
    this.#onLapse?.(ending, received);
  }

  /** A plain answer that was aborted, and not by the caller: the SDK's own time-out (`openai` 7), or nobody's. */
  get #isGivenUpBySdk(): boolean {
    if (this.#onLapse === undefined || this.#stream || !this.#ok) return false;
    return this.#signal?.aborted !== true;
  }

  /** A stream that came to its end is a success, however it was put aside. */
  #endStream(otherwise: Ending): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    const response = stream.reader.response();
    const complete = stream.reader.complete && response.errorType === undefined;
    this.#finish(
      complete ? { outcome: "success" } : (errorEnding(response) ?? otherwise),
      response,
    );
  }

  #malformed(): void {
    const errorType = this.#ok ? "malformed_response" : String(this.#status);
    this.#finish({ outcome: "error", errorType });
  }

  #end(response: LlmResponse): void {
    if (this.#ok) return this.#finish(errorEnding(response) ?? { outcome: "success" }, response);
    const { errorType } = response;
    // an error object without a word to name it says less than the status
    const named =
      errorType === undefined || errorType === "_OTHER" ? String(this.#status) : errorType;
    this.#finish({ outcome: "error", errorType: named }, response);
  }

  /** Bytes that say nothing. An error still does. */
  get #bulk(): boolean {
    return this.#reader.binary === true && this.#ok && this.#stream === undefined;
  }

  /** The operation has ended, or has gone on to another attempt. */
  get over(): boolean {
    const { ended, attemptNumber } = this.#operation;
    return ended || this.#lapsed || attemptNumber !== this.#attemptNumber;
  }

  get #ok(): boolean {
    return this.#status >= 200 && this.#status < 300;
  }
}

/** `undefined` for an answer that is read whole. */
function openStream(reader: WireReader, contentType: string | null): StreamState | undefined {
  const createScanner = streamScannerFor(contentType);
  if (createScanner === undefined) return undefined;
  const streamReader = reader.streamReader();
  const scanner = createScanner((payload) => streamReader.push(payload));
  return { reader: streamReader, scanner };
}

function errorEnding(response: LlmResponse): Ending | undefined {
  return response.errorType === undefined
    ? undefined
    : { outcome: "error", errorType: response.errorType };
}
