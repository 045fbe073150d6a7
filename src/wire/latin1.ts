/**
 * Bytes as Latin-1, one character each: no multi-byte character can be torn and nothing is decoded twice, while every
 * byte that has a meaning in SSE or in JSON syntax is ASCII.
 */
export function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

const NOT_ASCII = /[\u0080-\u00ff]/;

/** The UTF-8 text behind such characters; most are ASCII, which is the same in both. */
export function fromLatin1(characters: string): string {
  return NOT_ASCII.test(characters)
    ? Buffer.from(characters, "latin1").toString("utf8")
    : characters;
}
