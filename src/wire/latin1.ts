/** What `toString("latin1")` calls. In every version, but not documented: so it may be missing one day. */
const latin1Slice = Reflect.get(Buffer.prototype, "latin1Slice") as Latin1Slice | undefined;
type Latin1Slice = (this: Uint8Array, start: number, end: number) => string;

/**
 * Bytes as Latin-1, one character each: no multi-byte character can be torn and nothing is decoded twice, while every
 * byte that has a meaning in SSE or in JSON syntax is ASCII.
 */
export function toLatin1(bytes: Uint8Array): string {
  // without a `Buffer` of its own for each chunk of a stream, which takes longer than all that is read in it
  if (latin1Slice !== undefined) return latin1Slice.call(bytes, 0, bytes.byteLength);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

const NOT_ASCII = /[\u0080-\u00ff]/;

/** The UTF-8 text behind such characters; most are ASCII, which is the same in both. */
export function fromLatin1(characters: string): string {
  return NOT_ASCII.test(characters)
    ? Buffer.from(characters, "latin1").toString("utf8")
    : characters;
}
