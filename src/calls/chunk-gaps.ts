import type { OutputChunks } from "../events/index.ts";
import { CHUNK_GAP_BOUNDS } from "../semconv/index.ts";

/** A count for each bucket, and one for what is longer than all of them. */
const NO_GAPS: readonly number[] = [...CHUNK_GAP_BOUNDS.map(() => 0), 0];

/** Times between the content chunks of one streamed answer: added up as they come, told once at the end. */
export class ChunkGaps {
  readonly #counts = [...NO_GAPS];
  readonly #firstAtMs: number;
  #lastAtMs: number;
  #chunks: number;

  /** The first `chunks` came at once. */
  constructor(chunks: number, atMs: number) {
    this.#chunks = chunks;
    this.#firstAtMs = atMs;
    this.#lastAtMs = atMs;
    this.#counts[0] = chunks - 1;
  }

  /** By now there are `chunks` in all; those that came with one read have no time between them. */
  came(chunks: number, atMs: number): void {
    const fresh = chunks - this.#chunks;
    if (fresh <= 0) return;
    this.#add(0, fresh - 1);
    this.#add(bucketOf((atMs - this.#lastAtMs) / 1000), 1);
    this.#chunks = chunks;
    this.#lastAtMs = atMs;
  }

  summary(withReasoning: boolean): OutputChunks {
    return {
      count: this.#chunks,
      generationMs: this.#lastAtMs - this.#firstAtMs,
      gapCounts: this.#counts,
      ...(withReasoning && { withReasoning }),
    };
  }

  #add(bucket: number, count: number): void {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
  }
}

function bucketOf(seconds: number): number {
  let index = 0;
  while (seconds > (CHUNK_GAP_BOUNDS[index] ?? Infinity)) index += 1;
  return index;
}
