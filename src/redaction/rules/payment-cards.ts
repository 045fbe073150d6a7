import { type PatternRule, redacted } from "./pattern-rule.ts";

// spaces as web pages and PDFs have them, too
const CANDIDATE = /(?<![\d.])\d(?:[ \u00a0\u202f-]?\d){12,18}(?!\d)/g;

/** Prefixes of Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro. */
const ISSUER = /^(?:4|5[0-8]|2[2-7]|3[0-9]|6)/;

export const paymentCards: PatternRule = (text) =>
  text.replace(CANDIDATE, (found) => (isCard(found) ? redacted("card") : found));

function isCard(candidate: string): boolean {
  const digits = candidate.replace(/\D/g, "");
  return ISSUER.test(digits) && passesLuhn(digits);
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
