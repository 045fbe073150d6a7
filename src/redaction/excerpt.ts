/** A text as far as it is held, and how long it is in all. */
export interface Excerpt {
  readonly text: string;
  /** Of the whole text, in characters; longer than `text` for one that is cut. */
  readonly length: number;
}

/**
 * What the rules see past the cut, and what is dropped of a cut text's end. Longer than any secret that a rule only
 * knows when it is whole. Characters.
 */
export const OVERLAP = 1024;

/** The beginning of a text, `maxLength` characters of it at the most. */
export function excerptOf(given: string | Excerpt, maxLength: number): Excerpt {
  const { text, length } =
    typeof given === "string" ? { text: given, length: given.length } : given;
  return text.length > maxLength ? { text: text.slice(0, maxLength), length } : { text, length };
}

/** Redacted text, shortened to what is kept; `tornOff` if more text followed than the rules have seen. */
export function withoutTornEnd(
  text: string,
  { maxCharacters, tornOff }: { readonly maxCharacters: number; readonly tornOff: boolean },
): { readonly text: string; readonly isCut: boolean } {
  const whole = Math.max(0, tornOff ? text.length - OVERLAP : text.length);
  const isCut = tornOff || whole > maxCharacters;
  return { text: isCut ? `${upTo(text, Math.min(maxCharacters, whole))}…` : text, isCut };
}

/** No half of a surrogate pair is left over. */
function upTo(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
