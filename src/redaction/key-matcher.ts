/** Names of fields whose value is a secret, whatever it is. Words without case, `_` and `-`. */
export const SECRET_KEYS: readonly string[] = [
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "passcode",
  "pin",
  "otp",
  "secret",
  "credential",
  "credentials",
  "api key",
  "access key",
  "private key",
  "secret key",
  "signing key",
  "encryption key",
  "authorization",
  "auth",
  "token",
  "jwt",
  "cookie",
  "set cookie",
  "signature",
  "sig",
  "connection string",
  "card number",
  "cvv",
  "cvc",
  "iban",
  "ssn",
];

/** Shortest name that is also found at the end of a longer word. */
const MIN_SUFFIX_LENGTH = 6;

/** Longest name that is looked at. */
const MAX_KEY_LENGTH = 128;

/** Names that are remembered: an application uses the same few. */
const MAX_REMEMBERED = 1024;

/** True for the name of a field whose value is not to be seen. */
export type KeyMatcher = (key: string) => boolean;

/**
 * A name matches that ends with a listed one, without case, and however its words are joined: `DB_PASSWORD`,
 * `db-password`, `dbPassword`, `dbpassword` all match `password`. A short one has to be a word of its own: `pin` is found
 * in `cardPin`, not in `shipping`. A name too long to be one matches.
 */
export function createKeyMatcher(keys: readonly string[]): KeyMatcher {
  const listed = new Set(keys.map((key) => joined(wordsOf(key))).filter((key) => key !== ""));
  const suffixes = [...listed].filter((key) => key.length >= MIN_SUFFIX_LENGTH);
  const known = new Map<string, boolean>();

  function matches(key: string): boolean {
    const words = wordsOf(key);
    const whole = joined(words);
    return (
      words.some((_word, index) => listed.has(joined(words.slice(index)))) ||
      suffixes.some((suffix) => whole.endsWith(suffix))
    );
  }

  return (key) => {
    if (key.length > MAX_KEY_LENGTH) return true;
    const before = known.get(key);
    if (before !== undefined) return before;
    const result = matches(key);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(key, result);
    return result;
  };
}

function wordsOf(key: string): readonly string[] {
  return key
    .replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, " ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function joined(words: readonly string[]): string {
  return words.join("");
}
