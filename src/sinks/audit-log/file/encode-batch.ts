import type { Event } from "../../../events/index.ts";
import type { Digest } from "./digest.ts";
import { encodeLine, type LineKind, type LineStart, MAX_LINE_BYTES, type Note } from "./line.ts";

/** What is to be recorded: an event, or something that the log says of itself. */
export type Entry = Event | Note;

/** Where a chain ends. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
  readonly at: number;
}

export interface Batch {
  readonly bytes: Buffer;
  readonly head: Head;
  /** Entries that are in it, from the first. */
  readonly taken: number;
  /** Events among them. */
  readonly events: number;
  /** Events that could not be written, and have a note in their place; by reason. */
  readonly lost: ReadonlyMap<string, number>;
}

/** What is written at once, so that nobody waits long: some milliseconds of work. */
const MAX_ENTRIES = 256;
const MAX_BYTES = 512 * 1024;

/** The next lines of a chain, for as many entries as fit. */
export function encodeBatch(
  entries: readonly Entry[],
  from: Head,
  digest: Digest,
  nowMs: number,
): Batch {
  const lines: string[] = [];
  const lost = new Map<string, number>();
  let head = from;
  let characters = 0;
  let events = 0;
  for (const entry of entries.slice(0, MAX_ENTRIES)) {
    if (characters > MAX_BYTES) break;
    const { kind, body, reason } = bodyFor(entry);
    const at = Math.max(
      head.at,
      Math.ceil(nowMs),
      "timestamp" in entry ? Math.ceil(entry.timestamp) : 0,
    );
    const start: LineStart = { sequence: head.sequence + 1, at, previous: head.hash };
    const { text, hash } = encodeLine(start, kind, body, digest);
    lines.push(text);
    characters += text.length;
    head = { sequence: start.sequence, hash, at };
    if (kind === "event") events += 1;
    if (reason !== undefined) lost.set(reason, (lost.get(reason) ?? 0) + 1);
  }
  return { bytes: Buffer.from(lines.join("")), head, taken: lines.length, events, lost };
}

interface Body {
  readonly kind: LineKind;
  readonly body: string;
  /** Why the event is not here. */
  readonly reason?: string;
}

function bodyFor(entry: Entry): Body {
  if ("kind" in entry) return { kind: "note", body: JSON.stringify(entry) };
  try {
    const body = JSON.stringify(entry);
    // three bytes for a character at the most; the hashes and the rest of the line are short
    if (body.length * 3 < MAX_LINE_BYTES || Buffer.byteLength(body) < MAX_LINE_BYTES - 1_024) {
      return { kind: "event", body };
    }
    return lostEvent("too_large");
  } catch {
    // metadata of the application's that has no JSON
    return lostEvent("not_serializable");
  }
}

function lostEvent(reason: string): Body {
  const note: Note = { kind: "lost", reason, events: 1 };
  return { kind: "note", body: JSON.stringify(note), reason };
}
