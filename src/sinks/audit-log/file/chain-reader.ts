import { type FileHandle, open } from "node:fs/promises";
import type { AuditRecord } from "../audit-log.ts";
import type { Selection } from "../selection.ts";
import { eventOf, parseLine } from "./line.ts";
import { linesBackwards, type PlacedLine } from "./lines-backwards.ts";
import type { Chain, Segment } from "./segments.ts";

/** Everything from here on has been read: number of a file, and a place in it. */
export type Position = readonly [segment: number, offset: number];

export interface Found {
  readonly at: number;
  readonly record: AuditRecord;
}

const NO_BYTES = Buffer.alloc(0);

/** Reads a chain from its end, or from where a page ended. */
export class ChainReader {
  readonly name: string;
  readonly #selection: Selection;
  readonly #needles: readonly Buffer[];
  /** That are still to be read; the last one is being read. */
  readonly #segments: Segment[];
  #offset: number | undefined;
  #handle: FileHandle | undefined;
  #chunks: AsyncGenerator<readonly PlacedLine[]> | undefined;
  #lines: PlacedLine[] = [];
  #hasRead = false;
  #found: (Found & { readonly start: number }) | undefined;

  constructor({ name, segments }: Chain, selection: Selection, from?: Position) {
    this.name = name;
    this.#selection = selection;
    this.#needles = needlesOf(selection);
    this.#segments = from ? segments.filter(({ number }) => number <= from[0]) : [...segments];
    this.#offset = this.#segments.at(-1)?.number === from?.[0] ? from?.[1] : undefined;
  }

  /** The next record that fits, which stays the next one; `undefined` at the end, and when time is over. */
  async peek(isTimeOver: () => boolean): Promise<Found | undefined> {
    while (this.#found === undefined && this.#segments.length > 0) {
      this.#search();
      if (this.#found !== undefined) break;
      // each page gets somewhere
      if (this.#hasRead && isTimeOver()) return undefined;
      await this.#read();
      this.#hasRead = true;
    }
    return this.#found;
  }

  /** Goes on past the record that `peek()` gave. */
  take(): void {
    if (this.#found !== undefined) this.#offset = this.#found.start;
    this.#found = undefined;
  }

  /** Where to go on; `undefined` at the end. */
  get position(): Position | undefined {
    const segment = this.#segments.at(-1);
    return segment && [segment.number, this.#offset ?? Number.MAX_SAFE_INTEGER];
  }

  async close(): Promise<void> {
    await this.#handle?.close().catch(() => {});
    this.#handle = undefined;
  }

  #search(): void {
    for (let next = this.#lines.pop(); next !== undefined; next = this.#lines.pop()) {
      const { start, bytes } = next;
      const found = this.#find(bytes);
      if (found !== undefined) {
        this.#found = { ...found, start };
        return;
      }
      this.#offset = start;
    }
  }

  #find(bytes: Buffer): Found | undefined {
    if (!this.#needles.every((needle) => bytes.includes(needle))) return undefined;
    const line = parseLine(bytes);
    const event = line && eventOf(line);
    if (line === undefined || event === undefined || !this.#selection.accepts(event)) return;
    const { at, sequence, hash } = line;
    return { at, record: { sequence, event, chain: this.name, hash } };
  }

  /** The lines before, in this file or the one before it. */
  async #read(): Promise<void> {
    this.#chunks ??= await this.#open();
    const next = await this.#chunks?.next();
    if (next !== undefined && !next.done) {
      this.#keep(next.value);
      return;
    }
    await this.close();
    this.#chunks = undefined;
    this.#offset = undefined;
    this.#segments.pop();
  }

  #keep(lines: readonly PlacedLine[]): void {
    const { since } = this.#selection.query;
    const newest = since === undefined ? undefined : parseLine(lines[0]?.bytes ?? NO_BYTES);
    // no event in this line, or in one before it, is younger
    if (newest !== undefined && since !== undefined && newest.at < since) this.#end();
    else this.#lines = lines.toReversed();
  }

  async #open(): Promise<AsyncGenerator<readonly PlacedLine[]> | undefined> {
    const segment = this.#segments.at(-1);
    // it may be gone by now, as too old
    this.#handle = segment && (await open(segment.path, "r").catch(() => undefined));
    if (this.#handle === undefined) return undefined;
    const { size } = await this.#handle.stat();
    this.#offset = Math.min(size, this.#offset ?? size);
    return linesBackwards(this.#handle, this.#offset);
  }

  #end(): void {
    this.#segments.length = 0;
  }
}

/** What the line of a record that fits holds, so that others need not be parsed. */
function needlesOf({ query: { sessionId, eventType } }: Selection): readonly Buffer[] {
  const needles: string[] = [];
  if (sessionId !== undefined) needles.push(`"sessionId":${JSON.stringify(sessionId)}`);
  if (eventType !== undefined) needles.push(`"type":"${eventType}"`);
  return needles.map((needle) => Buffer.from(needle));
}
