import type { KeyMatcher } from "../key-matcher.ts";
import { redacted } from "./pattern-rule.ts";

/** A long option of a command line and what is between it and its value: spaces, or the end of an item of a list. */
const OPTION = /--([\w.-]{1,128})(?:[ \t]{1,4}|\\?["'],\s{0,4}\\?["'])/g;

/** Of one value, where it begins; what begins with a dash is the next option. */
const VALUE = /"(?:[^"\\\n]|\\[^])*"?|'[^'\n]*'?|[^\s"'\\-][^\s"'\\]*/y;

/** The text with what command lines give to such options replaced: `wget --password …`. */
export function withoutOptionValues(text: string, isSecret: KeyMatcher): string {
  let result = "";
  let copied = 0;
  OPTION.lastIndex = 0;
  for (let found = OPTION.exec(text); found !== null; found = OPTION.exec(text)) {
    const [, name = ""] = found;
    VALUE.lastIndex = OPTION.lastIndex;
    if (!isSecret(name) || !VALUE.test(text)) continue;
    result += text.slice(copied, OPTION.lastIndex) + redacted("key");
    copied = VALUE.lastIndex;
    OPTION.lastIndex = copied;
  }
  return copied === 0 ? text : result + text.slice(copied);
}
