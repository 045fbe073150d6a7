import type { Event } from "../../../events/index.ts";
import type { Algorithm, Digest } from "./digest.ts";

/** What a line is about. */
export type LineKind = "chain" | "event" | "note";

/** The first line of every file: which chain it belongs to, and how its hashes are made. */
export interface ChainHeader {
  /** Of the format. */
  readonly version: number;
  /** Random; the same in all files of a chain. */
  readonly id: string;
  /** Number of the file in its chain, from 1. */
  readonly segment: number;
  readonly algorithm: Algorithm;
  readonly keyId?: string;
}

/** What the log says of itself. */
export type Note =
  /** The last line was not whole when the file was opened: a process was killed in the middle of it. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** Events that should be here and are not. */
  | { readonly kind: "lost"; readonly reason: string; readonly events: number }
  /** Files that were deleted as they were too old or too many, and the last record in them. */
  | {
      readonly kind: "pruned";
      readonly segments: readonly [first: number, last: number];
      readonly sequence: number;
      readonly hash: string;
    }
  /** Somebody took the file away, or wrote to it. */
  | { readonly kind: "disturbed"; readonly segment: number; readonly what: Disturbance };

export type Disturbance = "removed" | "replaced" | "changed";

export interface LineStart {
  readonly sequence: number;
  /** Never less than that of the line before, nor than the time of the event. Unix epoch in milliseconds. */
  readonly at: number;
  /** Hash of the line before; zeros in the first one of a chain. */
  readonly previous: string;
}

/** A line with nothing changed in it since it was written, if its hash is right. */
export interface Line extends LineStart {
  readonly kind: LineKind;
  readonly hash: string;
  /** What the hash is of: all bytes before `,"hash":`. */
  readonly payload: Buffer;
  /** Where the JSON of the event, the header or the note begins in `payload`. */
  readonly bodyAt: number;
}

export interface EncodedLine {
  /** With the line feed. */
  readonly text: string;
  readonly hash: string;
}

export const FORMAT_VERSION = 1;
export const NO_HASH = "0".repeat(64);
/** A longer line is not written, and not read. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const BEFORE_HASH = ',"hash":"';
const AFTER_HASH = '"}';
const SUFFIX_BYTES = BEFORE_HASH.length + NO_HASH.length + AFTER_HASH.length;
/** Room for the largest numbers. */
export const MAX_START_BYTES = 160;
const START =
  /^\{"seq":(0|[1-9]\d{0,15}),"at":(0|[1-9]\d{0,15}),"prev":"([0-9a-f]{64})","(chain|event|note)":/;

/** `body` is JSON. The hash is over the bytes as they are written, so that nobody needs to agree on how JSON is written. */
export function encodeLine(
  { sequence, at, previous }: LineStart,
  kind: LineKind,
  body: string,
  digest: Digest,
): EncodedLine {
  const payload = `{"seq":${sequence},"at":${at},"prev":"${previous}","${kind}":${body}`;
  const hash = digest.of(payload);
  return { text: `${payload}${BEFORE_HASH}${hash}${AFTER_HASH}\n`, hash };
}

/** Whether a file that begins with these bytes can be one of a log, whole or not. */
export function beginsAsLog(bytes: Buffer): boolean {
  return START.test(bytes.toString("latin1", 0, MAX_START_BYTES));
}

/** The parts of a line, given without its line feed; `undefined` if it is not of this form. */
export function parseLine(bytes: Buffer): Line | undefined {
  const payloadBytes = bytes.length - SUFFIX_BYTES;
  if (payloadBytes <= 0) return undefined;
  const suffix = bytes.toString("latin1", payloadBytes);
  if (!suffix.startsWith(BEFORE_HASH) || !suffix.endsWith(AFTER_HASH)) return undefined;
  const start = START.exec(bytes.toString("latin1", 0, Math.min(payloadBytes, MAX_START_BYTES)));
  if (start === null) return undefined;
  const [text, sequence, at, previous = "", kind] = start;
  return {
    sequence: Number(sequence),
    at: Number(at),
    previous,
    // the expression has these three words only
    kind: kind as LineKind,
    hash: suffix.slice(BEFORE_HASH.length, -AFTER_HASH.length),
    payload: bytes.subarray(0, payloadBytes),
    bodyAt: text.length,
  };
}

/** The event, header or note of a line. */
export function bodyOf(line: Line): unknown {
  return JSON.parse(line.payload.toString("utf8", line.bodyAt));
}

/** The header that a line holds, or nothing if it holds none that can be read. */
export function headerOf(line: Line): ChainHeader | undefined {
  return line.kind === "chain" ? readBody(line, isHeader) : undefined;
}

/** The note that a line holds. */
export function noteOf(line: Line): Note | undefined {
  return line.kind === "note" ? readBody(line, isNote) : undefined;
}

/** The event that a line holds. */
export function eventOf(line: Line): Event | undefined {
  return line.kind === "event" ? readBody(line, isEvent) : undefined;
}

function readBody<T>(line: Line, is: (body: object) => body is T & object): T | undefined {
  try {
    const body = bodyOf(line);
    return typeof body === "object" && body !== null && is(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function isHeader(body: object): body is ChainHeader {
  return "version" in body && "id" in body && "segment" in body && "algorithm" in body;
}

/** Somebody else may have written it: what is read of it must be there. */
function isNote(body: object): body is Note {
  if (!("kind" in body)) return false;
  switch (body.kind) {
    case "lost":
      return "events" in body && typeof body.events === "number";
    case "pruned":
      return "segments" in body && Array.isArray(body.segments) && "hash" in body;
    default:
      return typeof body.kind === "string";
  }
}

/** What every version of this package has written of an event. */
function isEvent(body: object): body is Event {
  if (!("id" in body && "type" in body && "timestamp" in body && "data" in body)) return false;
  return typeof body.type === "string" && typeof body.timestamp === "number";
}
