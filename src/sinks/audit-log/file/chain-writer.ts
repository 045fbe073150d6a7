import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { ObservabilityError } from "../../../errors/index.ts";
import { makeFolder } from "../../../folders/index.ts";
import { ProcessLock } from "../../../process-lock/index.ts";
import { type Batch, encodeBatch, type Entry, type Head } from "./encode-batch.ts";
import { type ChainHeader, encodeLine, FORMAT_VERSION, type Note } from "./line.ts";
import { findPrunable, type RetentionOptions } from "./retention.ts";
import { type ResumeOptions, type Resumption, resumeChain } from "./resume-chain.ts";
import { SegmentFile } from "./segment-file.ts";
import { chainName, MAX_CHAINS, segmentPath, segmentsOf } from "./segments.ts";

export interface ChainWriterOptions extends ResumeOptions, RetentionOptions {
  /** The next file is begun at this size. Bytes. */
  readonly maxSizeBytes: number;
  /** Unix epoch in milliseconds. */
  readonly now: () => number;
}

/** Only this process's user may read what was said. */
const FOLDER_MODE = 0o700;
const LOCK_TIMES = { heartbeatMs: 2_000, staleMs: 10_000 };
/** Whether the files are still ours and still there is looked at this often. */
const INSPECTION_MS = 1_000;
/** A file is closed before this part of the time has passed that records are kept, so that whole files can go. */
const AGE_PARTS = 10;

/** Writes one chain of records, from file to file. Calls must not overlap. */
export class ChainWriter {
  readonly name: string;
  readonly #options: ChainWriterOptions;
  readonly #lock: ProcessLock;
  readonly #id: string;
  #head: Head;
  #segment: number;
  #begunAt: number;
  #file: SegmentFile | undefined;
  #hasHeader: boolean;
  #eventsInFile = 0;
  #notes: readonly Note[];
  /** `undefined`: something was wrong, or could not be seen; nothing is written until it was looked at again. */
  #inspectedAt: number | undefined;

  private constructor(
    name: string,
    lock: ProcessLock,
    from: Resumption,
    options: ChainWriterOptions,
  ) {
    this.name = name;
    this.#options = options;
    this.#lock = lock;
    this.#id = from.id;
    this.#head = from.head;
    this.#segment = from.segment;
    this.#begunAt = from.begunAt ?? 0;
    this.#file = from.file;
    this.#hasHeader = from.begunAt !== undefined;
    this.#notes = from.notes;
    this.#inspectedAt = options.now();
  }

  /** Takes the first chain of the folder that nobody writes and that can be gone on with, or begins one. */
  static async open(options: ChainWriterOptions): Promise<ChainWriter> {
    await makeFolder(options.folder, FOLDER_MODE);
    for (let number = 1; number <= MAX_CHAINS; number += 1) {
      const name = chainName(number);
      const lock = await ProcessLock.acquire(join(options.folder, `${name}.lock`), LOCK_TIMES);
      if (lock === undefined) continue;
      try {
        const resumption = await resumeChain(name, options);
        if (resumption) return new ChainWriter(name, lock, resumption, options);
      } catch (error) {
        await lock.release();
        throw error;
      }
      await lock.release();
    }
    throw failing(`all ${MAX_CHAINS} chains in ${options.folder} are taken; use another folder`);
  }

  /** The last record that was written. */
  get head(): Head {
    return this.#head;
  }

  get hasUnsynced(): boolean {
    return this.#file?.hasUnsynced ?? false;
  }

  /** The disk refused what it had taken. */
  get syncFailed(): boolean {
    return this.#file?.syncFailed ?? false;
  }

  /** Writes as many entries as fit into a batch, from the first. If it rejects, none of them is written. */
  async append(entries: readonly Entry[]): Promise<Batch> {
    const file = await this.#prepare();
    const batch = encodeBatch(entries, this.#head, this.#options.digest, this.#options.now());
    await file.append(batch.bytes);
    this.#head = batch.head;
    this.#eventsInFile += batch.events;
    return batch;
  }

  /** Writes what the log has to say of itself, if it has. */
  async appendNotes(): Promise<void> {
    if (this.#notes.length > 0 || this.#inspectedAt === undefined) await this.#prepare();
  }

  /** Resolves when all that was appended is on the disk, in a file that is where it should be. */
  async sync(): Promise<void> {
    await this.#inspect();
    await this.#file?.sync();
  }

  async close(): Promise<void> {
    try {
      await this.#file?.settle();
    } finally {
      await this.#file?.close().catch(() => {});
      await this.#lock.release();
    }
  }

  async #prepare(): Promise<SegmentFile> {
    const now = this.#options.now();
    if (this.#inspectedAt === undefined || now - this.#inspectedAt >= INSPECTION_MS) {
      await this.#inspect();
    }
    if (this.#file?.mustSync) await this.#file.sync();
    if (this.#file && this.#hasHeader && this.#isFull(now)) await this.#finishFile(this.#file);
    this.#file ??= await this.#createFile();
    if (!this.#hasHeader) await this.#beginFile(this.#file);
    if (this.#notes.length > 0) await this.#writeNotes(this.#file);
    return this.#file;
  }

  #isFull(nowMs: number): boolean {
    const { maxSizeBytes, maxAgeMs } = this.#options;
    if ((this.#file?.sizeBytes ?? 0) >= maxSizeBytes) return true;
    return maxAgeMs !== undefined && nowMs - this.#begunAt >= maxAgeMs / AGE_PARTS;
  }

  async #finishFile(file: SegmentFile): Promise<void> {
    await file.settle();
    if (this.#options.durable) await file.sync();
    this.#file = undefined;
    this.#hasHeader = false;
    await file.close();
  }

  async #createFile(): Promise<SegmentFile> {
    const { folder, durable, open } = this.#options;
    await makeFolder(folder, FOLDER_MODE);
    this.#segment += 1;
    const path = segmentPath(folder, this.name, this.#segment);
    return SegmentFile.create(path, { durable, ...(open && { open }) });
  }

  async #beginFile(file: SegmentFile): Promise<void> {
    const { digest } = this.#options;
    const { sequence, hash: previous } = this.#head;
    const { algorithm, keyId } = digest;
    const header: ChainHeader = {
      version: FORMAT_VERSION,
      id: this.#id,
      segment: this.#segment,
      algorithm,
      ...(keyId !== undefined && { keyId }),
    };
    const at = Math.max(this.#head.at, Math.ceil(this.#options.now()));
    const start = { sequence: sequence + 1, at, previous };
    const { text, hash } = encodeLine(start, "chain", JSON.stringify(header), digest);
    await file.append(Buffer.from(text));
    this.#head = { sequence: start.sequence, at, hash };
    this.#begunAt = at;
    this.#eventsInFile = 0;
    this.#hasHeader = true;
    await this.#prune(file);
  }

  async #writeNotes(file: SegmentFile): Promise<void> {
    const { digest, now } = this.#options;
    const batch = encodeBatch(this.#notes, this.#head, digest, now());
    await file.append(batch.bytes);
    this.#head = batch.head;
    this.#notes = [];
  }

  /** What is deleted was said to be deleted before, in a record that is on the disk. */
  async #prune(file: SegmentFile): Promise<void> {
    const { folder, maxFiles, maxAgeMs, now, report } = this.#options;
    if (maxFiles === undefined && maxAgeMs === undefined) return;
    try {
      const segments = await segmentsOf(folder, this.name);
      const pruning = await findPrunable(segments, { maxFiles, maxAgeMs }, now());
      if (pruning === undefined) return;
      this.#notes = [...this.#notes, pruning.note];
      await this.#writeNotes(file);
      if (this.#options.durable) await file.sync();
      for (const { path } of pruning.segments) await unlink(path);
    } catch (error) {
      // the next file tries it again
      const code = error instanceof Error && "code" in error ? String(error.code) : "error";
      report("prune", `old files in ${folder} could not be deleted (${code})`);
    }
  }

  /** @throws AUDIT_LOG_FAILING if somebody else has the chain now, or did something to the file or its folder */
  async #inspect(): Promise<void> {
    this.#inspectedAt = undefined;
    const held = await this.#isHeld().catch((error: Error) => error);
    if (held === false) throw new ChainTakenError(this.name);
    await this.#inspectFile();
    // whatever is wrong with the folder: what was in a file that went with it is known by now
    if (held !== true) throw held;
    this.#inspectedAt = this.#options.now();
  }

  /** The folder may be gone, and is made again, as at the start. */
  async #isHeld(): Promise<boolean> {
    await makeFolder(this.#options.folder, FOLDER_MODE);
    return this.#lock.isHeld();
  }

  async #inspectFile(): Promise<void> {
    const what = await this.#file?.disturbance();
    if (this.#file === undefined || what === undefined) return;
    const { path } = this.#file;
    await this.#file.close().catch(() => {});
    this.#file = undefined;
    this.#hasHeader = false;
    this.#notes = [...this.#notes, { kind: "disturbed", segment: this.#segment, what }];
    throw new DisturbedFileError(path, what, what === "removed" ? this.#eventsInFile : 0);
  }
}

/** Another process went on with the chain while this one stood still. */
export class ChainTakenError extends ObservabilityError {
  constructor(chain: string) {
    super("AUDIT_LOG_FAILING", `Another process took over the chain ${chain}; a new one is begun.`);
  }
}

/** The file is not as it was left. The chain goes on in a new one. */
export class DisturbedFileError extends ObservabilityError {
  /** Events that were in it. */
  readonly events: number;

  constructor(path: string, what: string, events: number) {
    super(
      "AUDIT_LOG_FAILING",
      `${path} was ${what} by somebody else while it was written; the log goes on in a new file.`,
    );
    this.events = events;
  }
}

function failing(message: string): ObservabilityError {
  return new ObservabilityError("AUDIT_LOG_FAILING", message);
}
