import type { Digest } from "./digest.ts";
import {
  type ChainHeader,
  FORMAT_VERSION,
  headerOf,
  type Line,
  NO_HASH,
  type Note,
  noteOf,
  parseLine,
} from "./line.ts";

/** What a chain was found to hold. */
export interface Tally {
  lines: number;
  events: number;
  /** Events that the log itself says are missing. */
  lostEvents: number;
  /** Lines that were not whole after a crash, and were cut off. */
  cuts: number;
  /** Files that somebody took away, or wrote to, while they were written. */
  disturbances: number;
}

/** Follows a chain line by line, and says what is wrong with the first one that doesn't fit. */
export class LineChecker {
  readonly tally: Tally = { lines: 0, events: 0, lostEvents: 0, cuts: 0, disturbances: 0 };
  readonly #digests: readonly [Digest, ...Digest[]];
  readonly #unseenHeads: Set<string>;
  readonly #pruned: Extract<Note, { kind: "pruned" }>[] = [];
  /** The one that the chain begins with. */
  #digest: Digest;
  #first: Line | undefined;
  #firstSegment = 1;
  #last: Omit<Line, "payload"> | undefined;
  #id: string | undefined;

  /** Hashes that are found are taken out of `unseenHeads`. A whole chain is made with one of the digests. */
  constructor(digests: readonly [Digest, ...Digest[]], unseenHeads: Set<string>) {
    this.#digests = digests;
    [this.#digest] = digests;
    this.#unseenHeads = unseenHeads;
  }

  get first(): Pick<Line, "sequence" | "at"> | undefined {
    return this.#first;
  }

  get last(): Omit<Line, "payload"> | undefined {
    return this.#last;
  }

  /** It has no key, though there is one. */
  get isUnkeyed(): boolean {
    return this.#first !== undefined && this.#digest.keyId === undefined && this.#hasKey();
  }

  /** Why the line can't be what was written there; `undefined` if it can. `segment`: it is the first one of this file. */
  check(bytes: Buffer, segment?: number): string | undefined {
    const line = parseLine(bytes);
    if (line === undefined) return "is not a record";
    // who has another key finds every line changed
    const problem =
      (segment === undefined ? undefined : this.#checkHeader(line, segment)) ??
      (this.#digest.of(line.payload) === line.hash ? undefined : CHANGED) ??
      this.#checkPlace(line) ??
      (segment === undefined && line.kind === "chain"
        ? "is a header, and not at the start"
        : undefined);
    if (problem !== undefined) return problem;
    this.#count(line);
    if (this.#unseenHeads.size > 0) this.#unseenHeads.delete(line.hash);
    this.#first ??= line;
    this.#last = line;
    return undefined;
  }

  /** Why records before the first one may not be missing; `undefined` if they may, or are not. */
  checkBeginning(): string | undefined {
    if (this.#first === undefined || this.#first.sequence === 0) return undefined;
    const { previous, sequence } = this.#first;
    const isPruned = this.#pruned.some(
      ({ segments: [, last], hash }) =>
        this.#firstSegment <= last || (this.#firstSegment === last + 1 && hash === previous),
    );
    if (isPruned) return undefined;
    return `records 0 to ${sequence - 1} are missing before it, and no record says that they were deleted`;
  }

  #checkHeader(line: Line, segment: number): string | undefined {
    const header = headerOf(line);
    if (header === undefined) return "is not the header of a file";
    if (this.#first === undefined) this.#firstSegment = segment;
    return this.#checkMaking(header) ?? this.#checkName(header, segment);
  }

  #checkMaking({ version, algorithm, keyId }: ChainHeader): string | undefined {
    if (version !== FORMAT_VERSION) return "is of another version of the format";
    const fits = (digest: Digest) => digest.algorithm === algorithm && digest.keyId === keyId;
    if (this.#first === undefined) this.#digest = this.#digests.find(fits) ?? this.#digest;
    if (fits(this.#digest)) return undefined;
    if (!this.#hasKey() && keyId !== undefined) return NEEDS_KEY;
    return keyId === undefined ? "is made without the key" : "is made with another key";
  }

  #hasKey(): boolean {
    return this.#digests.some(({ keyId }) => keyId !== undefined);
  }

  #checkName({ id, segment: written }: ChainHeader, segment: number): string | undefined {
    if (written !== segment) return `was written as file ${written} of its chain`;
    if (this.#id !== undefined && this.#id !== id) return "is of another chain";
    this.#id = id;
    return undefined;
  }

  #checkPlace({ sequence, previous }: Line): string | undefined {
    const before = this.#last;
    if (before === undefined) {
      return sequence === 0 && previous !== NO_HASH ? "is no beginning" : undefined;
    }
    const expected = before.sequence + 1;
    if (sequence > expected) return `records ${expected} to ${sequence - 1} are missing before it`;
    if (sequence < expected) return `is record ${sequence}, where ${expected} should be`;
    return previous === before.hash ? undefined : "does not follow the record before it";
  }

  #count(line: Line): void {
    this.tally.lines += 1;
    if (line.kind === "event") this.tally.events += 1;
    const note = noteOf(line);
    switch (note?.kind) {
      case "lost":
        this.tally.lostEvents += note.events;
        break;
      case "cut":
        this.tally.cuts += 1;
        break;
      case "disturbed":
        this.tally.disturbances += 1;
        break;
      case "pruned":
        this.#pruned.push(note);
        break;
      case undefined:
    }
  }
}

/** Nothing is wrong that could be seen. */
export const NEEDS_KEY = "is made with a key, without which it can't be checked";
const CHANGED = "was changed: its hash is not that of what it says";
