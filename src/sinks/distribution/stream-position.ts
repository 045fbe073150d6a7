/** Compares ids of entries, `milliseconds-number`: negative when `a` comes first. */
export function compareIds(a: string, b: string): number {
  const [aMs, aNumber] = partsOf(a);
  const [bMs, bNumber] = partsOf(b);
  return aMs - bMs || aNumber - bNumber;
}

function partsOf(id: string): [number, number] {
  const [ms, number] = id.split("-");
  return [Number(ms), Number(number ?? 0)];
}

/** The id of what was there `ageMs` ago, by the clock of Redis (the answer to `TIME`): clocks differ. */
export function positionBefore(time: unknown, ageMs: number): string {
  const [seconds, micros] = Array.isArray(time) ? time.map(Number) : [];
  const nowMs = (seconds ?? 0) * 1_000 + (micros ?? 0) / 1_000;
  // nothing usable: from the beginning, rather than missing all
  if (!Number.isFinite(nowMs) || nowMs <= ageMs) return "0-0";
  return `${Math.floor(nowMs - ageMs)}-0`;
}
