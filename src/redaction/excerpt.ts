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

/** Redacted text, shortened to what is kept; `isCut` if more text followed than the rules have seen. */
export function withoutTornEnd(
  text: string,
  { maxCharacters, isCut }: { readonly maxCharacters: number; readonly isCut: boolean },
): string {
  const kept = isCut ? Math.min(maxCharacters, Math.max(0, text.length - OVERLAP)) : maxCharacters;
  return text.length <= kept && !isCut ? text : `${upTo(text, kept)}…`;
}

/** No half of a surrogate pair is left over. */
function upTo(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
