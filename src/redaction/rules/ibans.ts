import { type PatternRule, redacted } from "./pattern-rule.ts";

const CANDIDATE = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])/g;

export const ibans: PatternRule = (text) =>
  text.replace(CANDIDATE, (found) => (isIban(found) ? redacted("iban") : found));

/** ISO 13616: the first four characters moved to the end, letters as numbers, modulo 97. */
function isIban(candidate: string): boolean {
  const plain = candidate.replaceAll(" ", "");
  let remainder = 0;
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
