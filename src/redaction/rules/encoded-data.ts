import { hasRun } from "./has-run.ts";

/** A data URL, with its mime type. */
const DATA_URL =
  /data:([\w.+-]{1,64}\/[\w.+-]{1,64})?(?:;[\w=.+-]{1,64}){0,4};base64,([\w+/=-]*)/gi;

const SHORT_DATA_URL = /;base64,/i;

/** Long enough to be no word, no hash and no id; only from where the run begins. */
const RUN = /(?<![\w+/-])[\w+/-]{512,}={0,2}/g;

/** Shortest line of encoded data that is told from a word. */
const MIN_LINE_LENGTH = 60;

/** As PEM and mail print it. */
const LINES =
  /(?<![\w+/])[A-Za-z0-9+/]{60,76}(?:\r?\n[A-Za-z0-9+/]{60,76}){2,}={0,2}(?:\r?\n[A-Za-z0-9+/]{4,75}={0,2}(?![\w+/]))?/g;

/** What stands in place of encoded data. */
export function base64Mark(sizeBytes: number, mimeType?: string): string {
  return `[base64 ${mimeType === undefined ? "" : `${mimeType} `}${sizeBytes} bytes]`;
}

/** The text with base64 in it replaced by marks with its size. Nobody can read it, and it may be anything. */
export function withoutEncodedData(text: string): string {
  // most texts have none: looked for in steps, which is far cheaper than to search for it
  if (!hasRun(text, MIN_LINE_LENGTH))
    return SHORT_DATA_URL.test(text) ? withoutDataUrls(text) : text;
  return withoutDataUrls(text)
    .replace(LINES, (data) => base64Mark(sizeOf(data)))
    .replace(RUN, (data) => base64Mark(sizeOf(data)));
}

function withoutDataUrls(text: string): string {
  return text.replace(DATA_URL, (_all, mimeType: string | undefined, data: string) =>
    base64Mark(sizeOf(data), mimeType),
  );
}

/** White space is no part of it. */
function sizeOf(data: string): number {
  return Buffer.byteLength(data.replace(/\r?\n/g, ""), "base64");
}
