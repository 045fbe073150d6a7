import type { Event } from "../../events/index.ts";
import { type FromRecording, type Progress, TAKEN_REMOTE } from "../protocol.ts";

/** Events that the application may have before itself; Redis keeps the others until there is room. */
const MAX_UNTAKEN = 1_000;
const POLL_MS = 5;

/** Hands events of other instances to the application, in pieces. */
export class RemoteOutlet {
  readonly #send: (message: FromRecording) => void;
  readonly #progress: Progress;
  #waiting: Event[] = [];
  #sent = 0;

  constructor(send: (message: FromRecording) => void, progress: Progress) {
    this.#send = send;
    this.#progress = progress;
    this.#sent = Atomics.load(progress, TAKEN_REMOTE);
  }

  publish = (event: Event): void => {
    if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
    this.#waiting.push(event);
  };

  /** Resolves when the application has taken so many that there is room for the next ones. */
  hasRoom = async (): Promise<void> => {
    while (this.#untaken >= MAX_UNTAKEN) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS).unref());
    }
  };

  get #untaken(): number {
    return (this.#sent - Atomics.load(this.#progress, TAKEN_REMOTE)) | 0;
  }

  #flush(): void {
    const events = this.#waiting;
    this.#waiting = [];
    this.#sent += events.length;
    this.#send({ kind: "remote", events });
  }
}
