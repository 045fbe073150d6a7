/** Told what came of the lines. */
export interface WriteReport {
  written(): void;
  failed(lines: number, error: unknown): void;
}
