/**
 * Bytes as Latin-1, one character each: no multi-byte character can be torn and nothing is decoded twice, while every
 * byte that has a meaning in SSE or in JSON syntax is ASCII.
 */
export function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
