import { type FileHandle, open } from "node:fs/promises";
import type { AuditRecord } from "../audit-log.ts";
import type { Selection } from "../selection.ts";
import { eventOf, type Line, parseLine } from "./line.ts";
import { linesBackwards, type PlacedLine } from "./lines-backwards.ts";
import type { Chain, Segment } from "./segments.ts";

/** Everything from here on has been read: number of a file, and a place in it. */
export type Position = readonly [segment: number, offset: number];

export interface Found {
  readonly at: number;
  readonly record: AuditRecord;
}

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
    const { since } = this.#selection.query;
    for (let next = this.#lines.pop(); next !== undefined; next = this.#lines.pop()) {
      const { start, bytes } = next;
      const line = parseLine(bytes);
      // no event in this line, or in one before it, is younger
      if (line !== undefined && since !== undefined && line.at < since) return this.#end();
      const record = line && this.#recordOf(line, bytes);
      if (line !== undefined && record !== undefined && this.#selection.accepts(record.event)) {
        this.#found = { at: line.at, record, start };
        return;
      }
      this.#offset = start;
    }
  }

  #recordOf(line: Line, bytes: Buffer): AuditRecord | undefined {
    if (line.kind !== "event" || !this.#needles.every((needle) => bytes.includes(needle))) return;
    const event = eventOf(line);
    const { sequence, hash } = line;
    return event && { sequence, event, chain: this.name, hash };
  }

  /** The lines before, in this file or the one before it. */
  async #read(): Promise<void> {
    this.#chunks ??= await this.#open();
    const next = await this.#chunks?.next();
    if (next !== undefined && !next.done) {
      this.#lines = next.value.toReversed();
      return;
    }
    await this.close();
    this.#chunks = undefined;
    this.#offset = undefined;
    this.#segments.pop();
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
    this.#lines = [];
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
