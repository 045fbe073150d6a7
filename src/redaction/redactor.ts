import type { RedactionPattern } from "../semconv/index.ts";
import { createKeyMatcher, type KeyMatcher, SECRET_KEYS } from "./key-matcher.ts";
import { ownRules } from "./own-rules.ts";
import { patternRules } from "./pattern-rules.ts";
import { withoutEncodedData } from "./rules/encoded-data.ts";
import type { PatternRule } from "./rules/pattern-rule.ts";
import { withoutKeyedValues } from "./rules/keyed-values.ts";
import { withoutOptionValues } from "./rules/option-values.ts";
import { type Excerpt, excerptOf, OVERLAP, withoutTornEnd } from "./excerpt.ts";

export interface RedactorOptions {
  /** Names of secret fields, beside the built-in ones. */
  readonly keys: readonly string[];
  readonly patterns: readonly RedactionPattern[];
  /** Patterns of the application's own, by the name that stands in their place. */
  readonly ownPatterns?: Readonly<Record<string, RegExp | string>>;
  /** Gets each text after the rules, and gives back what may be seen of it. */
  readonly custom?: ((text: string) => string) | undefined;
}

/** What may be seen of a text. */
export interface RedactedText {
  readonly text: string;
  /** Something of it was left out for its length. */
  readonly isCut: boolean;
}

/** Takes secrets out of text. */
export interface Redactor {
  readonly isSecretKey: KeyMatcher;
  /**
   * At most `maxCharacters` of the text, without what the rules find. What is cut off ends in `…`.
   *
   * A secret that lies across the cut is found whole: the rules see more than is kept, and of a text that is longer than
   * what they see, the end of their result is dropped as well, where half a secret may be left.
   * @throws when the custom function throws, or gives back what is no text or a far longer one
   */
  text(text: string | Excerpt, maxCharacters: number): RedactedText;
}

/** Of a text that is searched for encoded data, which may be most of it. Characters. */
const MAX_SCANNED = 1024 * 1024;

/** A custom function that gives back more than this for one character has not just taken something out. */
const MAX_GROWTH = 4;

export function createRedactor({
  keys,
  patterns,
  ownPatterns = {},
  custom,
}: RedactorOptions): Redactor {
  const isSecretKey = createKeyMatcher([...SECRET_KEYS, ...keys]);
  const rules = [...namedRules(patterns), ...ownRules(ownPatterns)];

  function apply(text: string): string {
    const ruled = rules.reduce((rest, rule) => rule(rest), text);
    const result = withoutOptionValues(withoutKeyedValues(ruled, isSecretKey), isSecretKey);
    return custom === undefined ? result : applyCustom(custom, result);
  }

  return {
    isSecretKey,
    text(given, maxCharacters) {
      const scanned = excerptOf(given, MAX_SCANNED);
      const plain = withoutEncodedData(scanned.text);
      const seen = plain.slice(0, maxCharacters + OVERLAP);
      const tornOff = scanned.text.length < scanned.length || seen.length < plain.length;
      return withoutTornEnd(apply(seen), { maxCharacters, tornOff });
    },
  };
}

/** In the order of the rules, not of the list. */
function namedRules(patterns: readonly string[]): PatternRule[] {
  return Object.keys(patternRules)
    .filter((name): name is RedactionPattern => patterns.includes(name))
    .map((name) => patternRules[name]);
}

function applyCustom(custom: (text: string) => string, text: string): string {
  const result: unknown = custom(text);
  if (typeof result !== "string") throw new TypeError("redaction.custom gave back no text");
  if (result.length > text.length * MAX_GROWTH + OVERLAP) {
    throw new RangeError("redaction.custom gave back far more than it got");
  }
  return result;
}
