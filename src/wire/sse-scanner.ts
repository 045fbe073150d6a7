import { toLatin1 } from "./latin1.ts";
import type { StreamScanner } from "./stream-scanner.ts";

/** Longest event that is looked at, in bytes; a longer one is skipped whole. A whole answer may come in one. */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

const PREFIX = "data: ";

/** UTF-8 byte order mark, as Latin-1. */
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/**
 * Finds the `data` of server-sent events (WHATWG HTML §9.2.6) in bytes split anywhere. Payloads are Latin-1.
 * An event without its closing blank line is given out at the end.
 */
export function createSseScanner(onData: (payload: string) => void): StreamScanner {
  /** The line under way. It is only added to, never searched: a long line in many parts costs no more than in one. */
  let carry = "";
  let data: string | undefined;
  let skipping = false;
  let first = true;
  let endedOnCr = false;

  function dispatch(): void {
    if (data !== undefined && !skipping) onData(data);
    data = undefined;
    skipping = false;
  }

  function takeLine(line: string): void {
    if (line === "") return dispatch();
    if (!line.startsWith("data")) return;
    if (line.length > 4 && line.charCodeAt(4) !== 58 /* : */) return;
    const value = line.slice(line.charCodeAt(5) === 32 /* space */ ? 6 : 5);
    data = data === undefined ? value : `${data}\n${value}`;
    if (data.length > MAX_EVENT_LENGTH) {
      skipping = true;
      data = "";
    }
  }

  function keep(text: string): void {
    carry += text;
    if (carry.length <= MAX_EVENT_LENGTH) return;
    skipping = true;
    carry = "data:";
  }

  function takeLines(text: string): void {
    const lineFeedsOnly = text.indexOf("\r") === -1;
    let start = 0;
    for (;;) {
      const end = lineFeedsOnly ? text.indexOf("\n", start) : nextLineEnd(text, start);
      if (end === -1) return keep(text.slice(start));
      takeLine(carry + text.slice(start, end));
      carry = "";
      start = end + (text.startsWith("\r\n", end) ? 2 : 1);
    }
  }

  return {
    push(bytes) {
      let text = toLatin1(bytes);
      if (text === "") return;
      // a CR ended the last line; its LF is not a second line end
      if (endedOnCr && text.startsWith("\n")) text = text.slice(1);
      endedOnCr = text === "" ? false : text.endsWith("\r");
      if (first) {
        text = carry + text;
        carry = "";
        if (text.length < BYTE_ORDER_MARK.length && BYTE_ORDER_MARK.startsWith(text)) {
          return keep(text);
        }
        first = false;
        if (text.startsWith(BYTE_ORDER_MARK)) text = text.slice(BYTE_ORDER_MARK.length);
      }
      if (carry === "" && data === undefined && !skipping && isOneEvent(text)) {
        return onData(text.slice(PREFIX.length, -2));
      }
      takeLines(text);
    },
    end() {
      if (carry !== "") takeLine(carry);
      carry = "";
      dispatch();
    },
  };
}

/** One line of data and its blank line, which is how most events arrive. */
function isOneEvent(text: string): boolean {
  return (
    text.startsWith(PREFIX) &&
    text.indexOf("\n") === text.length - 2 &&
    text.endsWith("\n\n") &&
    !text.includes("\r")
  );
}

function nextLineEnd(text: string, from: number): number {
  const lf = text.indexOf("\n", from);
  const cr = text.indexOf("\r", from);
  if (cr === -1) return lf;
  return lf === -1 ? cr : Math.min(lf, cr);
}
