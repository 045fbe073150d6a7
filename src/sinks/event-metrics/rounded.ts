/** A duration to the microsecond, without the digits that adding up makes. */
export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
