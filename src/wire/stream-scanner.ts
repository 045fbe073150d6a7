/** Finds the payloads of a streamed answer in its bytes. */
export interface StreamScanner {
  /** Takes the next bytes, split anywhere. */
  push(bytes: Uint8Array): void;
  /** The stream ended: a payload without what closes it is given out as well. */
  end(): void;
}
