/**
 * Takes one kind of secret out of a text: each find is replaced by a mark. Pure, and linear in the length of the text,
 * whatever is in it.
 */
export type PatternRule = (text: string) => string;

/** What stands in place of something that was taken out. */
export function redacted(what: string): string {
  return `[REDACTED:${what}]`;
}
