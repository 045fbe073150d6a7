import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";

/** One file of a chain. */
export interface Segment {
  readonly number: number;
  readonly path: string;
}

/** The files of a folder that belong together. */
export interface Chain {
  readonly name: string;
  /** Oldest first. */
  readonly segments: readonly Segment[];
}

/** Chains that one folder holds at the most: one for each process that writes at the same time. */
export const MAX_CHAINS = 100;

const FILE_NAME = /^(audit(?:-([1-9]\d?|100))?)\.(\d{6,9})\.jsonl$/;
const DIGITS = 6;

/** `audit`, `audit-2`, `audit-3` … */
export function chainName(number: number): string {
  return number === 1 ? "audit" : `audit-${number}`;
}

export function segmentPath(folder: string, chain: string, number: number): string {
  return join(folder, `${chain}.${String(number).padStart(DIGITS, "0")}.jsonl`);
}

/** The place of a file in its chain by its name, or nothing if the name is another. */
export function parseFileName(name: string): { chain: string; number: number } | undefined {
  const match = FILE_NAME.exec(name);
  return match ? { chain: match[1] ?? "", number: Number(match[3]) } : undefined;
}

/** All chains of a folder, by number; none if there is no such folder. */
export async function listChains(folder: string): Promise<readonly Chain[]> {
  const chains = new Map<string, Segment[]>();
  for (const name of await namesIn(folder)) {
    const parsed = parseFileName(name);
    if (parsed === undefined) continue;
    const segment = { number: parsed.number, path: join(folder, name) };
    const segments = chains.get(parsed.chain);
    if (segments) segments.push(segment);
    else chains.set(parsed.chain, [segment]);
  }
  return [...chains]
    .map(([name, segments]) => ({
      name,
      segments: segments.toSorted((a, b) => a.number - b.number),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** All chains of a folder, or one file alone. */
export async function chainsAt(path: string): Promise<readonly Chain[]> {
  if (!(await stat(path)).isFile()) return listChains(path);
  const file = basename(path);
  const parsed = parseFileName(file);
  return [{ name: parsed?.chain ?? file, segments: [{ number: parsed?.number ?? 1, path }] }];
}

/** The files of one chain, oldest first. */
export async function segmentsOf(folder: string, chain: string): Promise<readonly Segment[]> {
  const chains = await listChains(folder);
  return chains.find(({ name }) => name === chain)?.segments ?? [];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
