import { withDeadline } from "../../timing/index.ts";

/** Waits for `work` no longer than `limitMs`, then calls `onLate` and throws. The timer does not keep the process alive. */
export function deadline<T>(work: Promise<T>, limitMs: number, onLate: () => void): Promise<T> {
  return withDeadline(limitMs, work, () => {
    onLate();
    throw new Error(`no answer within ${limitMs} ms`);
  });
}
