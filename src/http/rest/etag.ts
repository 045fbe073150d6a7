import { createHash } from "node:crypto";

/** Entity tags in `If-None-Match`; the comparison is the weak one (RFC 9110 §13.1.2). */
const TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

export interface Representation {
  readonly text: string;
  /** What two that say the same have in common; default the text itself. */
  readonly essence?: string | undefined;
}

/** JSON with its `ETag`, or 304 where the client has it. The tag is weak where more than the essence is told. */
export function conditionalJson(headers: Headers, { text, essence }: Representation): Response {
  const digest = createHash("sha256")
    .update(essence ?? text)
    .digest("base64url")
    .slice(0, 27);
  const etag = `${essence === undefined ? "" : "W/"}"${digest}"`;
  if (isKnown(headers.get("if-none-match"), `"${digest}"`)) {
    return new Response(null, { status: 304, headers: { etag } });
  }
  return new Response(text, { headers: { "content-type": "application/json", etag } });
}

function isKnown(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return [...ifNoneMatch.matchAll(TAG)].some(([, known]) => known === tag);
}
