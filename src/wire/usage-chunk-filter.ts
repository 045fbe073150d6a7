import { asObject, parsePayload } from "./json-fields.ts";
import { toLatin1 } from "./latin1.ts";
import { createSseScanner } from "./sse-scanner.ts";

/** Longest event that is held back until it is whole, in bytes; a usage chunk is far shorter. */
const MAX_HELD_BYTES = 64 * 1024;

/** A line end and a blank line: the end of an event. The LF of its last CR may come later, and then adds nothing. */
const EVENT_END = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)/g;

/** As OpenAI spells it in each chunk of a stream that was asked for usage. Inside of a text its quotes are escaped. */
const NO_USAGE = ',"usage":null';

/** Takes what `stream_options.include_usage` adds out of a streamed answer. */
export interface UsageChunkFilter {
  /** The next bytes, split anywhere → what of them, and of those held back before, may go on. */
  push(bytes: Uint8Array): Uint8Array;
  /** What is still held back when the stream has ended. */
  end(): Uint8Array;
}

/**
 * Drops the event that has usage and no choices, and `"usage":null` in all others. Every other byte stays as it is;
 * an event is held back until it is whole.
 */
export function createUsageChunkFilter(): UsageChunkFilter {
  let held = "";
  /** In the middle of an event that is too long to be held: the rest of it goes on as it comes. */
  let passing = false;

  function takeEvents(text: string): string {
    let kept = "";
    let start = 0;
    for (const { index, 0: blankLine } of text.matchAll(EVENT_END)) {
      const end = index + blankLine.length;
      const event = text.slice(start, end);
      kept += passing ? event : withoutUsage(event);
      passing = false;
      start = end;
    }
    held = text.slice(start);
    if (!passing && held.length <= MAX_HELD_BYTES) return kept;
    passing = true;
    // a line end in its last place may be the first half of the blank line
    const goesOn = held.replace(/[\r\n]+$/, "");
    held = held.slice(goesOn.length);
    return kept + goesOn;
  }

  return {
    push: (bytes) => toBytes(takeEvents(held + toLatin1(bytes))),
    end() {
      const rest = passing ? held : withoutUsage(held);
      held = "";
      return toBytes(rest);
    },
  };
}

function withoutUsage(event: string): string {
  if (!event.includes('"usage"')) return event;
  const named = event.replaceAll(NO_USAGE, "");
  return named.includes('"usage"') && isUsageChunk(named) ? "" : named;
}

function isUsageChunk(event: string): boolean {
  let isUsage = false;
  const scanner = createSseScanner((payload) => {
    const { choices, usage } = parsePayload(payload) ?? {};
    isUsage = Array.isArray(choices) && choices.length === 0 && asObject(usage) !== undefined;
  });
  scanner.push(Buffer.from(event, "latin1"));
  scanner.end();
  return isUsage;
}

/** Not a `Buffer`: its memory is shared, and could not be handed over to a byte stream. */
function toBytes(characters: string): Uint8Array {
  return new Uint8Array(Buffer.from(characters, "latin1"));
}
