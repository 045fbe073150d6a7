import { FIRST_BYTES, type Frame, gapFrame, isWanted, type StreamFilter } from "./frame.ts";

export interface StreamClientOptions {
  readonly filter: StreamFilter;
  /** Bytes that may wait for the client to read. */
  readonly maxQueuedBytes: number;
  /** Breaks the connection of a client that reads nothing; where that is not in our hands, its stream just ends. */
  readonly disconnect?: (() => void) | undefined;
  readonly onEnd: (client: StreamClient) => void;
  readonly onLoss: (count: number) => void;
}

/**
 * One reader of the stream with a queue of its own. The queue is handed over when the reader asks for more: nobody waits
 * for it. One that falls behind gets what has waited, is told how much it missed, and is disconnected.
 */
export class StreamClient {
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: StreamClientOptions;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #queue: Uint8Array[] = [FIRST_BYTES];
  #queuedBytes = 0;
  #isAsking = false;
  #lost = 0;
  #state: "open" | "ending" | "ended" = "open";
  #idleTicks = 0;

  constructor(options: StreamClientOptions) {
    this.#options = options;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#handOver(),
        cancel: () => this.#finish(),
      },
      // nothing is asked for in advance: what waits is in the queue, where it is counted
      { highWaterMark: 0 },
    );
  }

  /** What was missed, in full: it is bounded by what is remembered. */
  catchUp(frames: readonly Frame[]): void {
    for (const frame of frames) this.#enqueue(frame.bytes);
  }

  offer(frame: Frame): void {
    if (!isWanted(frame, this.#options.filter)) return;
    if (this.#state === "open" && this.#hasRoom(frame)) return this.#send(frame.bytes);
    if (this.#state === "ended") return;
    this.#state = "ending";
    if (frame.event === undefined) return;
    this.#lost += 1;
    this.#options.onLoss(1);
  }

  /** Tells a client that has nothing to read that the stream is there; gives up one that has not read for long. */
  tick(heartbeat: Uint8Array, maxIdleTicks: number): void {
    if (this.#queue.length === 0 && this.#state === "open") return this.#send(heartbeat);
    this.#idleTicks += 1;
    if (this.#idleTicks >= maxIdleTicks) this.#giveUp();
  }

  /** Ends after what waits. */
  end(): void {
    if (this.#state === "open") this.#state = "ending";
    if (this.#isAsking) this.#handOver();
  }

  #hasRoom({ bytes }: Frame): boolean {
    const { maxQueuedBytes } = this.#options;
    return this.#queue.length === 0 || this.#queuedBytes + bytes.byteLength <= maxQueuedBytes;
  }

  #send(bytes: Uint8Array): void {
    this.#enqueue(bytes);
    if (this.#isAsking) this.#handOver();
  }

  #enqueue(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.byteLength;
  }

  #handOver(): void {
    const isEnding = this.#state === "ending";
    if (isEnding && this.#lost > 0) this.#enqueue(gapFrame("slow_client", this.#lost).bytes);
    this.#isAsking = this.#queue.length === 0;
    if (!this.#isAsking) {
      const chunk = this.#queue.length === 1 ? this.#queue[0] : Buffer.concat(this.#queue);
      this.#queue = [];
      this.#queuedBytes = 0;
      this.#idleTicks = 0;
      this.#controller?.enqueue(chunk ?? FIRST_BYTES);
    }
    if (isEnding) this.#close();
  }

  #giveUp(): void {
    const unread = this.#queue.length;
    if (unread > 0) this.#options.onLoss(unread);
    this.#close();
    this.#options.disconnect?.();
  }

  #close(): void {
    if (this.#state === "ended") return;
    this.#finish();
    this.#controller?.close();
  }

  #finish(): void {
    this.#state = "ended";
    this.#queue = [];
    this.#options.onEnd(this);
  }
}
