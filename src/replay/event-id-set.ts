import { eventIdParts } from "../events/index.ts";

/** Ids that follow each other share a chunk, a bit each. */
const CHUNK_SIZE = 1_024;
const WORD_SIZE = 32;

/** Ids of events: those of one process take a bit each where they are near each other. */
export class EventIdSet {
  readonly #maxChunks: number;
  readonly #origins = new Map<string, Map<number, Uint32Array>>();
  #chunks = 0;

  constructor(maxChunks: number) {
    this.#maxChunks = maxChunks;
  }

  has(id: string): boolean {
    const { origin, sequence } = eventIdParts(id);
    const chunk = this.#origins.get(origin)?.get(Math.floor(sequence / CHUNK_SIZE));
    return chunk !== undefined && isSet(chunk, sequence % CHUNK_SIZE);
  }

  /** Whether there was room for it. */
  add(id: string): boolean {
    const { origin, sequence } = eventIdParts(id);
    const chunk = this.#chunkOf(origin, Math.floor(sequence / CHUNK_SIZE));
    if (chunk === undefined) return false;
    set(chunk, sequence % CHUNK_SIZE);
    return true;
  }

  #chunkOf(origin: string, number: number): Uint32Array | undefined {
    const known = this.#origins.get(origin)?.get(number);
    if (known !== undefined) return known;
    if (this.#chunks >= this.#maxChunks) return undefined;
    this.#chunks += 1;
    const chunk = new Uint32Array(CHUNK_SIZE / WORD_SIZE);
    const chunks = this.#origins.get(origin);
    if (chunks) chunks.set(number, chunk);
    else this.#origins.set(origin, new Map([[number, chunk]]));
    return chunk;
  }
}

function isSet(chunk: Uint32Array, bit: number): boolean {
  return ((chunk[Math.floor(bit / WORD_SIZE)] ?? 0) & (1 << (bit % WORD_SIZE))) !== 0;
}

function set(chunk: Uint32Array, bit: number): void {
  const word = Math.floor(bit / WORD_SIZE);
  chunk[word] = (chunk[word] ?? 0) | (1 << (bit % WORD_SIZE));
}
