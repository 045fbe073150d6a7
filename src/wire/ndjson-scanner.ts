import { toLatin1 } from "./latin1.ts";
import type { StreamScanner } from "./stream-scanner.ts";

/** Longest line that is looked at, in bytes; a longer one is skipped whole. A whole answer may come in one. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/** Finds the lines of newline-delimited JSON in bytes split anywhere. Payloads are Latin-1, blank lines left out. */
export function createNdjsonScanner(onLine: (payload: string) => void): StreamScanner {
  /** The line under way. It is only added to, never searched: a long line in many parts costs no more than in one. */
  let carry = "";
  let skipping = false;

  function takeLine(line: string): void {
    if (!skipping && line.trim() !== "") onLine(line);
    skipping = false;
  }

  return {
    push(bytes) {
      const text = toLatin1(bytes);
      let start = 0;
      for (;;) {
        const end = text.indexOf("\n", start);
        if (end === -1) break;
        takeLine(carry + text.slice(start, end));
        carry = "";
        start = end + 1;
      }
      carry += text.slice(start);
      if (carry.length > MAX_LINE_LENGTH) {
        skipping = true;
        carry = "";
      }
    },

    end() {
      takeLine(carry);
      carry = "";
    },
  };
}
