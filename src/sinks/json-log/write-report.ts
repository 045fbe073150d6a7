/** Told what came of the lines. */
export interface WriteReport {
  written(lines: number): void;
  failed(lines: number, error: unknown): void;
}
