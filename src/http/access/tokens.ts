import { createHash, timingSafeEqual } from "node:crypto";

/** The tokens that a request shows, by either header. */
export function presentedTokens(headers: Headers): readonly string[] {
  const [, bearer] = /^bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "") ?? [];
  return [headers.get("x-internal-auth"), bearer].filter((token) => typeof token === "string");
}

/**
 * Tells whether a token is one of `tokens`, in a time that says nothing of which one, or of how much of it was right:
 * digests, which are of one length, are compared as a whole, and all of them.
 */
export function createTokenCheck(tokens: readonly string[]): (token: string) => boolean {
  const known = tokens.map(digest);
  return (token) => {
    const given = digest(token);
    return known.map((digested) => timingSafeEqual(digested, given)).includes(true);
  };
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
