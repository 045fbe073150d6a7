import { createHash } from "node:crypto";

/** What Langfuse takes for the id of a session or a user; nothing else allows less. */
const MAX_ID_LENGTH = 200;

/** Of an id that had to be changed, so that two different ones stay two. */
const HASH_LENGTH = 16;

/** Control characters end lines of logs, PostgreSQL refuses U+0000, and half a surrogate pair is no text. */
const UNFIT = /[\p{Cc}\p{Cs}]/u;
const UNFIT_ALL = /[\p{Cc}\p{Cs}]/gu;
const REPLACEMENT = "\uFFFD";

/** An id of the application's as it goes into events, spans and stores. */
export function fitId(id: string): string {
  if (isFit(id, MAX_ID_LENGTH)) return id;
  const hash = createHash("sha256").update(id).digest("hex").slice(0, HASH_LENGTH);
  return `${replaced(id, MAX_ID_LENGTH - HASH_LENGTH - 1)}~${hash}`;
}

/** A text of the application's, cut at `maxLength`. */
export function fitText(text: string, maxLength: number): string {
  return isFit(text, maxLength) ? text : replaced(text, maxLength);
}

function isFit(text: string, maxLength: number): boolean {
  return text.length <= maxLength && !UNFIT.test(text);
}

function replaced(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replaceAll(UNFIT_ALL, REPLACEMENT);
}
