import type { FileHandle } from "node:fs/promises";
import { MAX_LINE_BYTES } from "./line.ts";

/** A line of a file, without its line feed; its bytes are good until the next ones are asked for. */
export interface PlacedLine {
  /** Where it begins. */
  readonly start: number;
  readonly bytes: Buffer;
}

const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 10;

/** The lines that end before `end`, last first, as many at once as were read. What follows the last line feed is no line. */
export async function* linesBackwards(
  handle: FileHandle,
  end: number,
): AsyncGenerator<readonly PlacedLine[]> {
  let carried = Buffer.alloc(0);
  let position = end;
  while (position > 0 && carried.length <= MAX_LINE_BYTES) {
    // more with each step, so that a long line is not copied over and over
    const length = Math.min(position, Math.max(CHUNK_BYTES, carried.length));
    position -= length;
    const chunk = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(chunk, 0, length, position);
    const bytes = Buffer.concat([chunk.subarray(0, bytesRead), carried]);
    const { lines, rest } = split(bytes, position);
    carried = rest;
    if (lines.length > 0) yield lines;
  }
}

/** The lines that are whole in `bytes`, and the beginning of `bytes`, which may be the end of one. */
function split(
  bytes: Buffer,
  position: number,
): { lines: PlacedLine[]; rest: Buffer<ArrayBuffer> } {
  const lines: PlacedLine[] = [];
  let end = bytes.lastIndexOf(LINE_FEED);
  while (end !== -1) {
    const before = end === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, end - 1);
    if (before === -1 && position > 0) break;
    lines.push({ start: position + before + 1, bytes: bytes.subarray(before + 1, end) });
    end = before;
  }
  return { lines, rest: Buffer.from(bytes.subarray(0, end === -1 ? 0 : end + 1)) };
}
