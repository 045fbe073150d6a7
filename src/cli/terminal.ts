/** The part of `process.stdout` that a command writes to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Where a command writes. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
}
