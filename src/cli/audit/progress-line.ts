import type { Output } from "../terminal.ts";

export interface ProgressLine {
  readonly show: (readBytes: number, totalBytes: number) => void;
  /** Takes the line away again. */
  clear(): void;
}

/** Asked for after each line of a file; the clock is not. */
const BYTES_BETWEEN = 32 * 1024 * 1024;
const MEGABYTE = 1_000_000;

/** How far something is, in one line that is written over; nothing where nobody watches. */
export function createProgressLine(output: Output): ProgressLine {
  let next = BYTES_BETWEEN;
  return {
    show(readBytes, totalBytes) {
      if (readBytes < next || !output.isTTY) return;
      next = readBytes + BYTES_BETWEEN;
      const percent = Math.floor((100 * readBytes) / totalBytes);
      output.write(`\r${percent} % of ${Math.ceil(totalBytes / MEGABYTE)} MB`);
    },
    clear() {
      if (next > BYTES_BETWEEN) output.write("\r\u001b[K");
    },
  };
}
