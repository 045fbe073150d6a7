import type { Frame } from "./frame.ts";

export interface RecentFramesLimits {
  readonly maxFrames: number;
  readonly maxBytes: number;
}

/** What was sent last, for clients that come back. */
export class RecentFrames {
  readonly #limits: RecentFramesLimits;
  #frames: Frame[] = [];
  #bytes = 0;

  constructor(limits: RecentFramesLimits) {
    this.#limits = limits;
  }

  /** Id of the last event; `undefined` before the first. */
  get lastId(): string | undefined {
    return this.#frames.findLast(({ event }) => event !== undefined)?.event?.id;
  }

  add(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.bytes.byteLength;
    while (this.#frames.length > this.#limits.maxFrames || this.#bytes > this.#limits.maxBytes) {
      this.#bytes -= this.#frames.shift()?.bytes.byteLength ?? 0;
    }
  }

  /** What came after the event `id`; `undefined` if that is not known any more. */
  after(id: string): readonly Frame[] | undefined {
    const place = this.#frames.findLastIndex(({ event }) => event?.id === id);
    return place === -1 ? undefined : this.#frames.slice(place + 1);
  }

  all(): readonly Frame[] {
    return this.#frames;
  }
}
