import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Digest } from "./digest.ts";
import { LineChecker, type Tally } from "./line-checker.ts";
import type { Line } from "./line.ts";
import { forEachLine } from "./lines-forward.ts";
import { type Chain, chainsAt, type Segment } from "./segments.ts";

export interface VerifyOptions {
  /** A chain may be made with any of them. */
  readonly digests: readonly [Digest, ...Digest[]];
  /** Hashes that must be in it. */
  readonly expectedHeads: readonly string[];
  /** Told now and then how far it is. */
  readonly onProgress?: (readBytes: number, totalBytes: number) => void;
  /** How long the last line of a file that is just being written is waited for. Milliseconds; default 1,000. */
  readonly tailWaitMs?: number;
}

/** The first thing that is wrong in a chain. */
export interface Problem {
  /** Name of the file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

export interface ChainReport {
  readonly name: string;
  readonly files: number;
  /** Nobody needed a key to make it, though there is one. */
  readonly isUnkeyed: boolean;
  readonly tally: Tally;
  readonly first: Pick<Line, "sequence" | "at"> | undefined;
  /** The last record before the problem, or of all. */
  readonly head: Pick<Line, "sequence" | "at" | "hash"> | undefined;
  readonly problem?: Problem;
}

export interface VerifyReport {
  readonly chains: readonly ChainReport[];
  /** Expected heads that are in no chain. */
  readonly missingHeads: readonly string[];
}

const TAIL_WAIT_MS = 1_000;
const TAIL_DELAY_MS = 50;

/** Walks all files of a folder, or one file alone, from its header on. */
export async function verify(path: string, options: VerifyOptions): Promise<VerifyReport> {
  const unseenHeads = new Set(options.expectedHeads);
  const isFile = (await stat(path)).isFile();
  const chains = await chainsAt(path);
  const progress = await createProgress(chains, options.onProgress);
  const { tailWaitMs = TAIL_WAIT_MS } = options;
  const reports: ChainReport[] = [];
  for (const chain of chains) {
    const checker = new LineChecker(options.digests, unseenHeads);
    const walked = await walk(chain, { checker, progress, tailWaitMs });
    const beginning = isFile ? undefined : problemAtBeginning(chain, checker);
    const { tally, first, last: head, isUnkeyed } = checker;
    const problem = walked ?? beginning;
    const files = chain.segments.length;
    const report = { name: chain.name, files, isUnkeyed, tally, first, head };
    reports.push({ ...report, ...(problem && { problem }) });
  }
  return { chains: reports, missingHeads: [...unseenHeads] };
}

function problemAtBeginning({ segments }: Chain, checker: LineChecker): Problem | undefined {
  const why = checker.checkBeginning();
  if (why === undefined) return undefined;
  return { file: basename(segments[0]?.path ?? ""), line: 1, why };
}

type Progress = (bytes: number) => void;

async function createProgress(
  chains: readonly Chain[],
  onProgress: VerifyOptions["onProgress"],
): Promise<Progress> {
  if (onProgress === undefined) return () => {};
  const paths = chains.flatMap(({ segments }) => segments.map(({ path }) => path));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  let readBytes = 0;
  return (bytes) => onProgress((readBytes += bytes), totalBytes);
}

interface Walk {
  readonly checker: LineChecker;
  readonly progress: Progress;
  readonly tailWaitMs: number;
}

async function walk({ segments }: Chain, to: Walk): Promise<Problem | undefined> {
  for (const segment of segments) {
    const handle = await open(segment.path, "r");
    try {
      const tailWaitMs = segment === segments.at(-1) ? to.tailWaitMs : 0;
      const problem = await walkFile(handle, segment, { ...to, tailWaitMs });
      if (problem) return problem;
    } catch (error) {
      // of reading, unlike of opening, Node doesn't say what was read
      throw error instanceof Error ? Object.assign(error, { path: segment.path }) : error;
    } finally {
      await handle.close();
    }
  }
  return undefined;
}

async function walkFile(
  handle: FileHandle,
  { path, number }: Segment,
  { checker, progress, tailWaitMs }: Walk,
): Promise<Problem | undefined> {
  const seen: { lines: number; why?: string | undefined } = { lines: 0 };
  const each = (bytes: Buffer): boolean => {
    seen.lines += 1;
    seen.why = checker.check(bytes, seen.lines === 1 ? number : undefined);
    progress(bytes.length + 1);
    return seen.why === undefined;
  };
  let end = await forEachLine(handle, 0, each);
  const isWhole = async () => seen.lines > 0 && (await handle.stat()).size <= end;
  for (let waitMs = tailWaitMs; waitMs > 0; waitMs -= TAIL_DELAY_MS) {
    if (seen.why !== undefined || (await isWhole())) break;
    await new Promise((resolve) => setTimeout(resolve, TAIL_DELAY_MS));
    end = await forEachLine(handle, end, each);
  }
  const file = basename(path);
  if (seen.why !== undefined) return { file, line: seen.lines, why: seen.why };
  if (await isWhole()) return undefined;
  return { file, line: seen.lines + 1, why: (await handle.stat()).size === 0 ? EMPTY : TORN };
}

const EMPTY = "there is no record in this file";
const TORN =
  "the last line is not whole: the process was killed while it wrote, and the next one to open the file cuts it " +
  "off and says so, or somebody cut it";
