import { type PatternRule, redacted } from "./pattern-rule.ts";

const LOCAL_CHARACTER = /[^\s@<>()[\],;:"'\\/|=]/;
const DOMAIN = /(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,63}/uy;
/** RFC 5321, §4.5.3.1.1. */
const MAX_LOCAL_LENGTH = 64;

/** Goes from one `@` to the next: what lies between is looked at twice at the most. */
export const emailAddresses: PatternRule = (text) => {
  let result = "";
  let copied = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const start = localStart(text, at, copied);
    DOMAIN.lastIndex = at + 1;
    if (start === at || !DOMAIN.test(text)) continue;
    result += text.slice(copied, start) + redacted("email");
    copied = DOMAIN.lastIndex;
  }
  return copied === 0 ? text : result + text.slice(copied);
};

function localStart(text: string, at: number, from: number): number {
  const first = Math.max(from, at - MAX_LOCAL_LENGTH);
  let start = at;
  while (start > first && LOCAL_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  return start;
}
