/** Runs a step of the observation; what it throws reaches nobody. */
export type Safely = (step: () => void) => void;

/** What is told of the readings of one body. */
export interface ToldBody {
  /** Bytes from `offset` on, which another reading may have shown already. */
  bytes(offset: number, bytes: Uint8Array): void;
  /** The whole body, parsed. */
  json(body: unknown): void;
  /** The whole body as text. */
  text(text: string): void;
  /** The whole body as bytes. */
  whole(bytes: Uint8Array): void;
  /** The whole body, read in a way that shows nothing of it. */
  opaque(): void;
  /** It was read to its end. */
  finished(): void;
  failed(error: unknown): void;
  /** A consumer stopped before the end. */
  left(): void;
  /** Another one, from `offset` on. */
  consumer(offset?: number): Consumer;
}

/** One reading of the body, with its own place in it. Nothing that it is shown makes it throw. */
export class Consumer {
  /** Somebody has begun to read, or has got hold of what can be read. */
  begun = false;
  readonly #answer: ToldBody;
  readonly #safely: Safely;
  #offset: number;
  #done = false;

  constructor(answer: ToldBody, safely: Safely, offset: number) {
    this.#answer = answer;
    this.#safely = safely;
    this.#offset = offset;
  }

  chunk(value: unknown): void {
    try {
      const bytes = toBytes(value);
      if (bytes === undefined) return;
      const offset = this.#offset;
      this.#offset += bytes.byteLength;
      this.#answer.bytes(offset, bytes);
    } catch (error) {
      this.#safely(() => {
        throw error;
      });
    }
  }

  /** The whole body, parsed. */
  json(body: unknown): void {
    this.#end(() => this.#answer.json(body));
  }

  /** The whole body as text. */
  text(text: string): void {
    this.#end(() => this.#answer.text(text));
  }

  /** The whole body as bytes. */
  whole(value: unknown): void {
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : toBytes(value);
    this.#end(() => this.#answer.whole(bytes ?? new Uint8Array()));
  }

  /** The whole body, in a way that shows nothing of it. */
  opaque(): void {
    this.#end(() => this.#answer.opaque());
  }

  finished(): void {
    this.#end(() => this.#answer.finished());
  }

  failed(error: unknown): void {
    this.#end(() => this.#answer.failed(error));
  }

  left(): void {
    if (!this.#done) this.#end(() => this.#answer.left());
  }

  /** Another one, from the same place on. */
  fork(): Consumer {
    return this.#answer.consumer(this.#offset);
  }

  #end(step: () => void): void {
    this.#done = true;
    this.#safely(step);
  }
}

/** Node's streams can be told to give text. */
function toBytes(chunk: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return Buffer.from(chunk);
  if (!ArrayBuffer.isView(chunk)) return undefined;
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
