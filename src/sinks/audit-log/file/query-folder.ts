import type { AuditPage, AuditRecord } from "../audit-log.ts";
import { noCursor, type Selection } from "../selection.ts";
import { ChainReader, type Position } from "./chain-reader.ts";
import { type Chain, listChains } from "./segments.ts";

export interface QueryLimits {
  /** Milliseconds; what was not read within is behind the next cursor. */
  readonly limitMs?: number;
  readonly now?: () => number;
}

const DEFAULT_LIMIT_MS = 1_000;

/** One page of all chains in a folder, newest first, by the time that they were written. */
export async function queryFolder(
  folder: string,
  selection: Selection,
  limits?: QueryLimits,
): Promise<AuditPage> {
  return queryChains(await listChains(folder), selection, limits);
}

/** One page of these chains. */
export async function queryChains(
  chains: readonly Chain[],
  selection: Selection,
  { limitMs = DEFAULT_LIMIT_MS, now = () => performance.now() }: QueryLimits = {},
): Promise<AuditPage> {
  const end = now() + limitMs;
  const readers = openReaders(chains, selection);
  try {
    const records = await merge(readers, selection.limit, () => now() > end);
    const nextCursor = cursorOf(readers);
    return { records, ...(nextCursor !== undefined && { nextCursor }) };
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}

function openReaders(chains: readonly Chain[], selection: Selection): ChainReader[] {
  if (selection.cursor === undefined) {
    return chains.map((chain) => new ChainReader(chain, selection));
  }
  const positions = parseCursor(selection.cursor);
  return chains.flatMap((chain) => {
    const position = positions.get(chain.name);
    return position ? [new ChainReader(chain, selection, position)] : [];
  });
}

async function merge(
  readers: readonly ChainReader[],
  limit: number,
  isTimeOver: () => boolean,
): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (;;) {
    let newest: { reader: ChainReader; at: number; record: AuditRecord } | undefined;
    for (const reader of readers) {
      const found = await reader.peek(isTimeOver);
      // it may have something newer than the others, which is not known yet
      if (found === undefined && reader.position !== undefined) return records;
      if (found && (newest === undefined || found.at > newest.at)) newest = { reader, ...found };
    }
    if (newest === undefined || records.length === limit) return records;
    records.push(newest.record);
    newest.reader.take();
  }
}

function cursorOf(readers: readonly ChainReader[]): string | undefined {
  const positions = readers.flatMap(({ name, position }) => (position ? [[name, position]] : []));
  if (positions.length === 0) return undefined;
  return Buffer.from(JSON.stringify(Object.fromEntries(positions))).toString("base64url");
}

function parseCursor(cursor: string): ReadonlyMap<string, Position> {
  try {
    const positions: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const entries = Object.entries(positions as object);
    if (entries.length > 0 && entries.every(isEntry)) return new Map(entries);
  } catch {
    // not one of ours either
  }
  throw noCursor();
}

function isEntry(entry: [string, unknown]): entry is [string, Position] {
  const [, position] = entry;
  return (
    Array.isArray(position) &&
    position.length === 2 &&
    position.every((value) => Number.isSafeInteger(value) && value >= 0)
  );
}
