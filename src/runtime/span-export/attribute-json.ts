import type { Attributes } from "@opentelemetry/api";

/** How the value of an attribute is written: `text` is one that JSON has nothing to escape in. */
export type ValueKind = "text" | "int" | "other";

/** Nothing in it that JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

const HALF_A_PAIR = /\p{Cs}/u;
const HALVES_OF_PAIRS = /\p{Cs}/gu;

const OPENINGS: Readonly<Record<ValueKind, string>> = {
  text: '{"stringValue":"',
  int: '{"intValue":',
  other: "",
};

/** What follows a value. */
export const closings: Readonly<Record<ValueKind, string>> = {
  text: '"}}',
  int: "}}",
  other: "}",
};

export function kindOf(value: unknown): ValueKind {
  if (typeof value === "string") return PLAIN.test(value) ? "text" : "other";
  return Number.isInteger(value) ? "int" : "other";
}

/** What goes before a value. */
export function openingOf(key: string, kind: ValueKind): string {
  return `{"key":${quoted(key)},"value":${OPENINGS[kind]}`;
}

export function valueText(value: unknown, kind: ValueKind): string {
  return kind === "other" ? anyValue(value) : String(value);
}

/** A list as JSON, and all that is in it. */
export function attributesJson(given: Attributes): string {
  const parts: string[] = [];
  for (const key in given) parts.push(`{"key":${quoted(key)},"value":${anyValue(given[key])}}`);
  return `[${parts.join()}]`;
}

export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(wellFormed(text));
}

/** Half a surrogate pair is written as an escape that many a collector refuses, with all that is sent along. */
function wellFormed(text: string): string {
  return HALF_A_PAIR.test(text) ? text.replaceAll(HALVES_OF_PAIRS, "\uFFFD") : text;
}

function anyValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `{"stringValue":${quoted(value)}}`;
    case "number":
      return Number.isInteger(value)
        ? `{"intValue":${value}}`
        : `{"doubleValue":${Number.isFinite(value) ? value : null}}`;
    case "boolean":
      return `{"boolValue":${value}}`;
    default:
      return Array.isArray(value)
        ? `{"arrayValue":{"values":[${value.map(anyValue).join()}]}}`
        : "{}";
  }
}
