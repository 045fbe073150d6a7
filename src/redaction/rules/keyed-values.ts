import type { KeyMatcher } from "../key-matcher.ts";
import { redacted } from "./pattern-rule.ts";

/** `name:`, `name =`, `"name":` and `\"name\":`, as in JSON, YAML, headers, queries and assignments. */
const NAME = /(?<![\w.-])([\w.-]{1,128})\\{0,8}["'`]?\s{0,4}[:=]{1,3}>?\s{0,4}/g;

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
  NAME.lastIndex = 0;
  for (let name = NAME.exec(text); name !== null; name = NAME.exec(text)) {
    const key = name[1] ?? "";
    if (!isSecret(key)) {
      // a name may follow at once: `a=password=x`
      NAME.lastIndex = name.index + key.length;
      continue;
    }
    const start = NAME.lastIndex;
    const end = valueEnd(text, start, HEADER.test(key));
    if (end === start) continue;
    result += text.slice(copied, start) + redacted("key");
    copied = end;
    NAME.lastIndex = end;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

function valueEnd(text: string, start: number, isHeader: boolean): number {
  for (const pattern of isHeader ? [LINE, VALUE] : [VALUE]) {
    pattern.lastIndex = start;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return start;
}
