import type { FileHandle } from "node:fs/promises";
import { MAX_LINE_BYTES } from "./line.ts";

/** Bytes of a line, good until the function returns; false ends the reading. */
export type EachLine = (bytes: Buffer) => boolean;

const CHUNK_BYTES = 1024 * 1024;
const LINE_FEED = 10;

/**
 * Hands over the lines of a file from `position` on, without their line feeds, in memory that doesn't grow with the
 * file. Resolves with the place after the last line that was handed over.
 */
export async function forEachLine(
  handle: FileHandle,
  position: number,
  each: EachLine,
): Promise<number> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  /** Bytes of `buffer` that are filled, and the place of its first one. */
  let filled = 0;
  let place = position;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, place + filled);
    if (bytesRead === 0) return place;
    filled += bytesRead;
    const { end, goOn } = handOver(buffer.subarray(0, filled), each);
    place += end;
    if (!goOn) return place;
    buffer.copyWithin(0, end, filled);
    filled -= end;
    if (filled < buffer.length) continue;
    // no line is longer; what is left is none
    if (filled > MAX_LINE_BYTES) return place;
    const larger = Buffer.allocUnsafe(buffer.length * 2);
    buffer.copy(larger, 0, 0, filled);
    buffer = larger;
  }
}

function handOver(bytes: Buffer, each: EachLine): { end: number; goOn: boolean } {
  let start = 0;
  let end = bytes.indexOf(LINE_FEED);
  while (end !== -1) {
    const goOn = each(bytes.subarray(start, end));
    start = end + 1;
    if (!goOn) return { end: start, goOn };
    end = bytes.indexOf(LINE_FEED, start);
  }
  return { end: start, goOn: true };
}
