/** Milliseconds to the microsecond, without the digits that adding up makes, and never minus nothing. */
export function roundedDuration(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000 + 0;
}
