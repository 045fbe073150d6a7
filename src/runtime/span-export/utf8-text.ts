/** Room that is asked for at a time. Bytes. */
const CHUNK_BYTES = 64 * 1024;

/** The most bytes that a UTF-16 code unit takes in UTF-8. */
const MAX_BYTES_EACH = 3;

/**
 * A long text as the bytes it is sent as. Piece by piece: to join the pieces first takes as long again as to make them.
 */
export class Utf8Text {
  readonly #full: Uint8Array[] = [];
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #used = 0;

  add(text: string): void {
    const room = text.length * MAX_BYTES_EACH;
    if (this.#used + room > this.#chunk.length) {
      this.#full.push(this.#chunk.subarray(0, this.#used));
      this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, room));
      this.#used = 0;
    }
    this.#used += this.#chunk.write(text, this.#used, "utf8");
  }

  bytes(): Buffer {
    return Buffer.concat([...this.#full, this.#chunk.subarray(0, this.#used)]);
  }
}
