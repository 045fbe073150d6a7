import { type FileHandle, open } from "node:fs/promises";
import type { Digest } from "./digest.ts";
import {
  type ChainHeader,
  FORMAT_VERSION,
  headerOf,
  type Line,
  MAX_LINE_BYTES,
  parseLine,
} from "./line.ts";
import type { Segment } from "./segments.ts";

/** How the newest file of a chain ends. */
export type Tail =
  | {
      readonly state: "whole";
      readonly header: ChainHeader;
      /** When the file was begun. */
      readonly begunAt: number;
      readonly last: Line;
      /** Up to and with the last whole line. */
      readonly sizeBytes: number;
      /** What follows: a line that was not finished. */
      readonly tornBytes: number;
    }
  /** Not even the header was finished. */
  | { readonly state: "empty"; readonly tornBytes: number }
  /** It must not be written to. */
  | { readonly state: "refused"; readonly why: string };

/** What is read of a file before it is written to; more if one line is longer. */
const WINDOW_BYTES = 1024 * 1024;
/** A header is short. */
const HEADER_BYTES = 4_096;
const LINE_FEED = 10;
const LINE_BEGIN = '{"seq":';

/**
 * Reads the end of a file that is to be appended to. A crash leaves a line without its end, which may be cut off;
 * anything else that is not right in the last megabyte was not done by a crash of this process.
 */
export async function readTail({ path }: Segment, digest: Digest): Promise<Tail> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const beginning = await readAt(handle, 0, Math.min(size, HEADER_BYTES));
    const firstEnd = beginning.indexOf(LINE_FEED);
    if (firstEnd !== -1) return await readWhole(handle, beginning.subarray(0, firstEnd), digest);
    return size <= HEADER_BYTES && isUnfinished(beginning)
      ? { state: "empty", tornBytes: size }
      : refused("its first line is no header");
  } finally {
    await handle.close();
  }
}

async function readWhole(handle: FileHandle, beginning: Buffer, digest: Digest): Promise<Tail> {
  const first = parseLine(beginning);
  const header = first && headerOf(first);
  if (first === undefined || header === undefined) return refused("its first line is no header");
  const problem = problemOf(header, first, digest);
  if (problem !== undefined) return refused(problem);
  const { size } = await handle.stat();
  const end = await readEnd(handle, size);
  const whole = end.lastIndexOf(LINE_FEED) + 1;
  if (whole === 0) return refused("its last line is longer than any");
  const torn = end.subarray(whole);
  if (!isUnfinished(torn))
    return refused("what follows its last record is not the beginning of one");
  const last = checkLines(end.subarray(0, whole), end.length === size, digest);
  if (typeof last === "string") return refused(last);
  const sizeBytes = size - torn.length;
  return { state: "whole", header, begunAt: first.at, last, sizeBytes, tornBytes: torn.length };
}

/** Whether a line of ours may have begun so: with its first field, or, after a power failure, with nothing. */
function isUnfinished(bytes: Buffer): boolean {
  return bytes[0] === 0 || LINE_BEGIN.startsWith(bytes.toString("latin1", 0, LINE_BEGIN.length));
}

/** The header line of a file; `undefined` if the file doesn't begin with one. */
export async function readHeader({ path }: Segment): Promise<Line | undefined> {
  const handle = await open(path, "r");
  try {
    const beginning = await readAt(handle, 0, HEADER_BYTES);
    const end = beginning.indexOf(LINE_FEED);
    const first = end === -1 ? undefined : parseLine(beginning.subarray(0, end));
    return first?.kind === "chain" ? first : undefined;
  } finally {
    await handle.close();
  }
}

function problemOf(header: ChainHeader, first: Line, digest: Digest): string | undefined {
  if (header.version !== FORMAT_VERSION) return "it is of another version of the format";
  if (header.algorithm !== digest.algorithm || header.keyId !== digest.keyId) {
    return "its records are made with another key (audit.key)";
  }
  return digest.of(first.payload) === first.hash ? undefined : "its header was changed";
}

function refused(why: string): Tail {
  return { state: "refused", why };
}

/** At least the last whole line, with the line feed before it. */
async function readEnd(handle: FileHandle, size: number): Promise<Buffer> {
  for (let window = WINDOW_BYTES; ; window *= 4) {
    const length = Math.min(size, window);
    const bytes = await readAt(handle, size - length, length);
    const last = bytes.lastIndexOf(LINE_FEED);
    const hasWholeLine = last > 0 && bytes.lastIndexOf(LINE_FEED, last - 1) !== -1;
    if (hasWholeLine || length === size || window > 2 * MAX_LINE_BYTES) return bytes;
  }
}

/** The last line, if all are as they were written; else what is wrong. */
function checkLines(bytes: Buffer, isWholeFile: boolean, digest: Digest): Line | string {
  let start = isWholeFile ? 0 : bytes.indexOf(LINE_FEED) + 1;
  let before: Line | undefined;
  while (start < bytes.length) {
    const end = bytes.indexOf(LINE_FEED, start);
    const line = parseLine(bytes.subarray(start, end));
    if (line === undefined) return "a line near its end is not a record";
    if (digest.of(line.payload) !== line.hash) return "a record near its end was changed";
    if (before !== undefined && !follows(line, before)) {
      return "a record near its end does not follow the one before";
    }
    before = line;
    start = end + 1;
  }
  return before ?? "it holds no record";
}

/** Whether `line` was written right after `before`. */
export function follows(line: Line, before: Line): boolean {
  return line.previous === before.hash && line.sequence === before.sequence + 1;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}
