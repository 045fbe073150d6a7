import { randomUUID } from "node:crypto";
import type { Digest } from "./digest.ts";
import type { Head } from "./encode-batch.ts";
import { NO_HASH, type Note } from "./line.ts";
import { type OpenFile, SegmentFile } from "./segment-file.ts";
import { type Segment, segmentsOf } from "./segments.ts";
import { readTail, type Tail } from "./tail.ts";

export interface ResumeOptions {
  readonly folder: string;
  readonly digest: Digest;
  /** Whether `sync()` is ever called. */
  readonly durable: boolean;
  /** Told of what somebody should look at. */
  readonly report: (key: string, message: string) => void;
  readonly open?: OpenFile;
}

/** Where a chain goes on. */
export interface Resumption {
  readonly id: string;
  readonly head: Head;
  /** Number of the newest file; 0 if there is none. */
  readonly segment: number;
  /** The newest file. */
  readonly file?: SegmentFile;
  /** When its header was written; missing while it has none. */
  readonly begunAt?: number;
  /** What is to be recorded of how the file was found. */
  readonly notes: readonly Note[];
}

/**
 * Where a chain goes on: after its last whole record. `undefined` if it must not be gone on with, which is said; the
 * next chain is tried then, and nothing of this one is touched.
 */
export async function resumeChain(
  name: string,
  options: ResumeOptions,
): Promise<Resumption | undefined> {
  const segments = await segmentsOf(options.folder, name);
  const newest = segments.at(-1);
  if (newest === undefined) return newChain();
  const tail = await readTail(newest, options.digest);
  switch (tail.state) {
    case "refused":
      return refuse(newest, tail.why, options);
    case "whole":
      return resumeFile(newest, tail, options);
    case "empty":
      return resumeEmptyFile(newest, segments.at(-2), tail.tornBytes, options);
  }
}

function newChain(): Resumption {
  return { id: randomUUID(), head: { sequence: -1, hash: NO_HASH, at: 0 }, segment: 0, notes: [] };
}

async function resumeFile(
  newest: Segment,
  { header, begunAt, last, sizeBytes, tornBytes }: Extract<Tail, { state: "whole" }>,
  options: ResumeOptions,
): Promise<Resumption> {
  return {
    id: header.id,
    head: last,
    segment: newest.number,
    file: await reopen(newest, sizeBytes, options),
    begunAt,
    notes: cutNotes(tornBytes),
  };
}

/** The newest file has no header yet: the process was killed when it had just created it. */
async function resumeEmptyFile(
  newest: Segment,
  before: Segment | undefined,
  tornBytes: number,
  options: ResumeOptions,
): Promise<Resumption | undefined> {
  const from = before ? await resumeAfter(before, options) : newChain();
  if (from === undefined) return undefined;
  const file = await reopen(newest, 0, options);
  return { ...from, segment: newest.number, file, notes: cutNotes(tornBytes) };
}

async function resumeAfter(
  before: Segment,
  options: ResumeOptions,
): Promise<Resumption | undefined> {
  const tail = await readTail(before, options.digest);
  if (tail.state === "refused") return refuse(before, tail.why, options);
  if (tail.state === "empty" || tail.tornBytes > 0) {
    return refuse(before, "it is not whole, and another file follows it", options);
  }
  return { id: tail.header.id, head: tail.last, segment: before.number, notes: [] };
}

/** Cuts off what is not whole. */
async function reopen(
  { path }: Segment,
  sizeBytes: number,
  { durable, open }: ResumeOptions,
): Promise<SegmentFile> {
  const file = await SegmentFile.reopen(path, sizeBytes, { durable, ...(open && { open }) });
  await file.settle();
  return file;
}

function refuse({ path }: Segment, why: string, { report }: ResumeOptions): undefined {
  report(
    `refused ${path}`,
    `${path} is not written to: ${why}. It stays as it is and another file is begun beside it; ` +
      "see `rlm-obs audit verify`, and move it away once it was looked at",
  );
  return undefined;
}

function cutNotes(bytes: number): readonly Note[] {
  return bytes > 0 ? [{ kind: "cut", bytes }] : [];
}
