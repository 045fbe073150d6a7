import { type PatternRule, redacted } from "./pattern-rule.ts";

/** Country, check digits, and what follows them; people write them in either case. */
const START = /(?<![A-Z0-9])([A-Z]{2})\d{2}(?= ?[A-Z0-9])/gi;

/** An account of a country that is not listed: upper-case, in groups of four or in one. */
const UNLISTED = /[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])/y;

/** How long the accounts of a country are, by the registry of ISO 13616. */
const LENGTHS = new Map<string, number>(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 " +
    "FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 " +
    "LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 " +
    "RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

export const ibans: PatternRule = (text) => {
  let result = "";
  let copied = 0;
  START.lastIndex = 0;
  for (let found = START.exec(text); found !== null; found = START.exec(text)) {
    const candidate = candidateAt(text, found.index, found[1] ?? "");
    if (candidate === undefined || !isIban(candidate)) continue;
    result += text.slice(copied, found.index) + redacted("iban");
    copied = found.index + candidate.length;
    START.lastIndex = copied;
  }
  return copied === 0 ? text : result + text.slice(copied);
};

/** What would be an account number there, by its country. */
function candidateAt(text: string, start: number, country: string): string | undefined {
  const length = LENGTHS.get(country.toUpperCase());
  if (length !== undefined) return ofLength(text, start, length);
  UNLISTED.lastIndex = start;
  return UNLISTED.exec(text)?.[0];
}

/** So many letters and digits, single spaces between them, and no further one right behind. */
function ofLength(text: string, start: number, length: number): string | undefined {
  let end = start;
  for (let count = 0; count < length; count += 1) {
    if (text.charAt(end) === " ") end += 1;
    if (!isAlphanumeric(text, end)) return undefined;
    end += 1;
  }
  return isAlphanumeric(text, end) ? undefined : text.slice(start, end);
}

function isAlphanumeric(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isWithin(code, "0", "9") || isWithin(code, "A", "Z") || isWithin(code, "a", "z");
}

function isWithin(code: number, first: string, last: string): boolean {
  return code >= first.charCodeAt(0) && code <= last.charCodeAt(0);
}

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
