import type { Note } from "./line.ts";
import type { Segment } from "./segments.ts";
import { readHeader } from "./tail.ts";

export interface RetentionOptions {
  /** Files of a chain, the current one included. */
  readonly maxFiles: number | undefined;
  readonly maxAgeMs: number | undefined;
}

/** Files that may go, and what is said of them first. */
export interface Pruning {
  readonly segments: readonly Segment[];
  readonly note: Note;
}

/** The oldest files, as far as they are too many, or all that is in them is too old. The newest one always stays. */
export async function findPrunable(
  segments: readonly Segment[],
  { maxFiles, maxAgeMs }: RetentionOptions,
  nowMs: number,
): Promise<Pruning | undefined> {
  const tooMany = maxFiles === undefined ? 0 : segments.length - maxFiles;
  let pruning: Pruning | undefined;
  for (let count = 1; count < segments.length; count += 1) {
    const next = segments[count];
    const first = segments[0];
    const last = segments[count - 1];
    // where the next one begins, this one ended
    const header = next && (await readHeader(next));
    if (header === undefined || first === undefined || last === undefined) return pruning;
    const isTooOld = maxAgeMs !== undefined && header.at < nowMs - maxAgeMs;
    if (count > tooMany && !isTooOld) return pruning;
    const numbers = [first.number, last.number] as const;
    const { sequence, previous: hash } = header;
    const note: Note = { kind: "pruned", segments: numbers, sequence: sequence - 1, hash };
    pruning = { segments: segments.slice(0, count), note };
  }
  return pruning;
}
