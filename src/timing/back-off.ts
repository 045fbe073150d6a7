const FIRST_MS = 100;
const MAX_MS = 5_000;

/** How long to wait after `failures` in a row: twice as long each time, a random half of it, so that instances spread. */
export function backOffMs(failures: number, random: () => number): number {
  const longest = Math.min(FIRST_MS * 2 ** (failures - 1), MAX_MS);
  return Math.round(longest * (0.5 + random() / 2));
}
