import type { Attributes } from "@opentelemetry/api";
import { closings, kindOf, openingOf, type ValueKind, valueText } from "./attribute-json.ts";
import type { Utf8Text } from "./utf8-text.ts";

/** Kinds of spans whose last one is remembered, of one batch. */
const MAX_REMEMBERED = 64;

/** Attributes that were written, and where their bytes are. */
interface Written {
  readonly bytes: Buffer;
  readonly names: readonly unknown[];
  readonly kinds: readonly ValueKind[];
  readonly values: unknown[];
  /** Of each value. */
  readonly starts: number[];
  readonly ends: number[];
  /** Of the whole. */
  start: number;
  end: number;
}

/**
 * Writes the attributes of one span after the other. What a span says is mostly what the one of its kind before it has
 * said: those bytes are copied, and only values that differ are written.
 */
export class AttributeWriter {
  readonly #json: Utf8Text;
  readonly #written = new Map<string, Written>();

  constructor(json: Utf8Text) {
    this.#json = json;
  }

  /** The list without its brackets. `kind` names the spans that are much like each other. */
  add(list: readonly unknown[], kind: string): void {
    const { bytes } = this.#json;
    const last = this.#written.get(kind);
    if (last?.bytes === bytes && isAlike(last, list)) this.#addDifferences(last, list);
    else this.#remember(kind, this.#addAll(list));
    // begun in other bytes: its places are of no use
    if (this.#json.bytes !== bytes) this.#written.delete(kind);
  }

  #remember(kind: string, written: Written): void {
    if (this.#written.size >= MAX_REMEMBERED) this.#written.clear();
    this.#written.set(kind, written);
  }

  #addAll(list: readonly unknown[]): Written {
    const json = this.#json;
    const { bytes, length: start } = json;
    const names = list.filter((_, at) => at % 2 === 0);
    const values = list.filter((_, at) => at % 2 === 1);
    const kinds = values.map(kindOf);
    const starts: number[] = [];
    const ends: number[] = [];
    let closing = "";
    for (const [index, kind] of kinds.entries()) {
      json.add(closing + openingOf(String(names[index]), kind));
      starts.push(json.length);
      json.add(valueText(values[index], kind));
      ends.push(json.length);
      closing = `${closings[kind]},`;
    }
    json.add(closing.slice(0, -1));
    return { bytes, names, kinds, values, starts, ends, start, end: json.length };
  }

  #addDifferences(last: Written, list: readonly unknown[]): void {
    const json = this.#json;
    const { bytes, kinds, values, starts, ends } = last;
    let from = last.start;
    last.start = json.length;
    let shift = last.start - from;
    for (let index = 0; index < values.length; index += 1) {
      const value = list[index * 2 + 1];
      const start = starts[index] ?? from;
      const end = ends[index] ?? from;
      if (isSame(value, values[index])) {
        starts[index] = start + shift;
        ends[index] = end + shift;
        continue;
      }
      json.repeat(bytes, from, start);
      from = end;
      values[index] = value;
      starts[index] = json.length;
      json.add(valueText(value, kinds[index] ?? "other"));
      ends[index] = json.length;
      shift = json.length - from;
    }
    json.repeat(bytes, from, last.end);
    last.end = json.length;
  }
}

/** Attributes as a list. */
export function listOf(given: Attributes): readonly unknown[] {
  const list: unknown[] = [];
  for (const key in given) list.push(key, given[key]);
  return list;
}

/** The same names, and values that are written in the same way. */
function isAlike({ names, kinds, values }: Written, list: readonly unknown[]): boolean {
  if (names.length * 2 !== list.length) return false;
  for (let index = 0; index < names.length; index += 1) {
    const value = list[index * 2 + 1];
    if (list[index * 2] !== names[index]) return false;
    if (!isSame(value, values[index]) && kindOf(value) !== kinds[index]) return false;
  }
  return true;
}

function isSame(value: unknown, other: unknown): boolean {
  if (value === other) return true;
  if (!Array.isArray(value) || !Array.isArray(other)) return false;
  return value.length === other.length && value.every((item, index) => item === other[index]);
}
