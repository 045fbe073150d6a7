const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** How long to wait before try number `attempt` + 1, from 1: doubled each time, and spread over its upper half. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return ceiling * (0.5 + random() / 2);
}
