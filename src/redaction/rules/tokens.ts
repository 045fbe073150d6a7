import { type PatternRule, redacted } from "./pattern-rule.ts";

/** Without a digit it has to be long: "bearer authentication" is no token. */
const BEARER =
  /(?<![A-Za-z0-9])(Bearer|Basic)\s{1,4}(?:(?=[^\s\d]{0,512}\d)[\w.~+/=-]{8,}|[\w.~+/=-]{20,})/gi;

/** Only where a word begins, so that no part of a long one is looked at twice. */
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g;

/** A key that is cut off goes on to the end of the text. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g;

const URL_PASSWORD = /:\/\/[^\s/@:?#]{0,128}:[^\s/@]{1,256}@/g;

export const bearerTokens: PatternRule = (text) =>
  text.replace(BEARER, (_all, scheme) => `${scheme} ${redacted("token")}`);

export const jsonWebTokens: PatternRule = (text) => text.replace(JWT, redacted("jwt"));

export const privateKeys: PatternRule = (text) =>
  text.replace(PRIVATE_KEY, redacted("private_key"));

export const urlPasswords: PatternRule = (text) =>
  text.replace(URL_PASSWORD, `://${redacted("credentials")}@`);
