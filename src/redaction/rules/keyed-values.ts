import type { KeyMatcher } from "../key-matcher.ts";
import { redacted } from "./pattern-rule.ts";

/** What is between a name and its value, as in JSON, YAML, headers, queries, assignments and comparisons. */
const SEPARATOR = /[:=]{1,3}>?\s{0,4}/g;

/** The name before it, read backwards: `name`, `name  `, `"name"` and `\\"name\\"`. */
const NAME_CHARACTER = /[\w.-]/;
const MAX_NAME_LENGTH = 128;

/**
 * Of one value, where it begins. A quoted one goes to its quote, or, if it is cut off, to the end; one inside of a quoted
 * text, where quotes are escaped, to the next quote.
 */
const VALUE = /"(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?|\\+"[^"]*"?|\\+'[^']*'?|[^\s"',;&{}[\]]+/y;

/** These hold several words. */
const HEADER = /(?:authorization|cookie)$/i;
const LINE = /[^\r\n"']+/y;

/** The text with the values behind such names replaced, where they stand in text and not in an object of their own. */
export function withoutKeyedValues(text: string, isSecret: KeyMatcher): string {
  let result = "";
  let copied = 0;
  SEPARATOR.lastIndex = 0;
  for (let found = SEPARATOR.exec(text); found !== null; found = SEPARATOR.exec(text)) {
    const name = nameBefore(text, found.index, copied);
    if (name === "" || !isSecret(name)) continue;
    const start = SEPARATOR.lastIndex;
    const end = valueEnd(text, start, HEADER.test(name));
    if (end === start) continue;
    result += text.slice(copied, start) + redacted("key");
    copied = end;
    SEPARATOR.lastIndex = end;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

function nameBefore(text: string, separatorAt: number, from: number): string {
  let end = back(text, separatorAt, { from, most: 4, isPart: isSpace });
  end = back(text, end, { from, most: 1, isPart: isQuote });
  end = back(text, end, { from, most: 8, isPart: isBackslash });
  const start = back(text, end, { from, most: MAX_NAME_LENGTH, isPart: isNameCharacter });
  return text.slice(start, end);
}

interface Back {
  readonly from: number;
  readonly most: number;
  readonly isPart: (character: string) => boolean;
}

function back(text: string, end: number, { from, most, isPart }: Back): number {
  const first = Math.max(from, end - most);
  let at = end;
  while (at > first && isPart(text.charAt(at - 1))) at -= 1;
  return at;
}

function isSpace(character: string): boolean {
  return character === " " || character === "\n" || character === "\t" || character === "\r";
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'" || character === "`";
}

function isBackslash(character: string): boolean {
  return character === "\\";
}

function isNameCharacter(character: string): boolean {
  return NAME_CHARACTER.test(character);
}

function valueEnd(text: string, start: number, isHeader: boolean): number {
  for (const pattern of isHeader ? [LINE, VALUE] : [VALUE]) {
    pattern.lastIndex = start;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return start;
}
