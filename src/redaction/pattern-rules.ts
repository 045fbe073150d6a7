import type { RedactionPattern } from "../semconv/index.ts";
import { apiKeys } from "./rules/api-keys.ts";
import { curlPasswords } from "./rules/command-lines.ts";
import { emailAddresses } from "./rules/email-addresses.ts";
import { ibans } from "./rules/ibans.ts";
import type { PatternRule } from "./rules/pattern-rule.ts";
import { paymentCards } from "./rules/payment-cards.ts";
import { bearerTokens, jsonWebTokens, privateKeys, urlPasswords } from "./rules/tokens.ts";

/** The named rules, in the order in which they are applied. */
export const patternRules: Readonly<Record<RedactionPattern, PatternRule>> = {
  "private-key": privateKeys,
  "url-password": (text) => curlPasswords(urlPasswords(text)),
  "api-key": apiKeys,
  jwt: jsonWebTokens,
  bearer: bearerTokens,
  email: emailAddresses,
  iban: ibans,
  card: paymentCards,
};
