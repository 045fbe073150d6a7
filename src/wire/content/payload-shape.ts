import { fromLatin1 } from "../latin1.ts";

/** Not to be taken as it is: an escape, and what JSON does not allow in a text. */
const NOT_PLAIN = /[^ -[\]-\u00ff]/;

/**
 * What the payload of a streamed chunk has around its text. Most chunks of a stream are the same but for that: theirs can
 * be taken without parsing all the rest again.
 */
export class PayloadShape {
  readonly #head: string;
  /** Between the text and the noise, or up to the end. */
  readonly #middle: string;
  /** After the noise, if there is any. */
  readonly #tail: string | undefined;

  private constructor(head: string, middle: string, tail: string | undefined) {
    this.#head = head;
    this.#middle = middle;
    this.#tail = tail;
  }

  /**
   * The shape of `payload`, which is JSON as Latin-1 characters; `undefined` unless `textKey` has one text in it. What is
   * under `noiseKey` behind it may be any text too.
   */
  static of(payload: string, textKey: string, noiseKey: string): PayloadShape | undefined {
    const text = placeOf(payload, textKey);
    if (text === undefined) return undefined;
    const [head, rest] = [payload.slice(0, text.start), payload.slice(text.end)];
    const noise = placeOf(rest, noiseKey);
    return noise === undefined
      ? new PayloadShape(head, rest, undefined)
      : new PayloadShape(head, rest.slice(0, noise.start), rest.slice(noise.end));
  }

  /** The text in another payload of this shape, decoded; `undefined` if it has another shape, or has to be parsed. */
  textIn(payload: string): string | undefined {
    const start = this.#head.length;
    const end = isAt(0, this.#head, payload) ? payload.indexOf('"', start) : -1;
    if (end === -1 || !this.#goesOn(payload, end)) return undefined;
    const text = payload.slice(start, end);
    return NOT_PLAIN.test(text) ? undefined : fromLatin1(text);
  }

  /** Whether the rest of `payload`, from `at` on, is as it is to be. */
  #goesOn(payload: string, at: number): boolean {
    if (!isAt(at, this.#middle, payload)) return false;
    const start = at + this.#middle.length;
    if (this.#tail === undefined) return start === payload.length;
    const end = payload.indexOf('"', start);
    return (
      end !== -1 &&
      end + this.#tail.length === payload.length &&
      isAt(end, this.#tail, payload) &&
      !NOT_PLAIN.test(payload.slice(start, end))
    );
  }
}

/** As `startsWith()`, which compares character by character: for a long part this takes a tenth of the time. */
function isAt(at: number, part: string, payload: string): boolean {
  return payload.slice(at, at + part.length) === part;
}

/** Where the text under `key` is, between its quotes, if that key is there once and its text is plain. */
function placeOf(
  payload: string,
  key: string,
): { readonly start: number; readonly end: number } | undefined {
  // a quote inside of a text is escaped, so a key found here is a real one
  const name = `"${key}":"`;
  const at = payload.indexOf(name);
  if (at === -1 || payload.includes(name, at + 1)) return undefined;
  const start = at + name.length;
  const end = payload.indexOf('"', start);
  return end === -1 || NOT_PLAIN.test(payload.slice(start, end)) ? undefined : { start, end };
}
