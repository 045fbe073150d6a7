import type { Diagnostics } from "../../../diagnostics/index.ts";
import { isObservabilityError, ObservabilityError } from "../../../errors/index.ts";
import type { SinkHealth } from "../../../events/index.ts";
import type { AuditHead, AuditLog, AuditPage } from "../audit-log.ts";
import type { EventQueue } from "../event-queue.ts";
import { type Selection, selectionOf } from "../selection.ts";
import { ChainTakenError, ChainWriter, DisturbedFileError } from "./chain-writer.ts";
import { describeFailure, describeReadFailure } from "./describe-failure.ts";
import { createDigest } from "./digest.ts";
import { queryFolder } from "./query-folder.ts";
import type { OpenFile } from "./segment-file.ts";

export interface FileLogOptions {
  /** Of the folder. */
  readonly path: string;
  readonly key: string | undefined;
  readonly fsync: "each" | "interval" | "none";
  readonly fsyncIntervalMs: number;
  readonly maxSizeBytes: number;
  readonly maxFiles: number | undefined;
  readonly maxAgeDays: number | undefined;
  readonly queue: EventQueue;
  readonly diagnostics: Diagnostics;
  readonly now: () => number;
  readonly open?: OpenFile;
}

export const DESTINATION = "audit";

/** How long events wait for others, unless each of them is to be on the disk at once. */
const GATHERING_MS = 10;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;
const MAX_BATCH = 256;
/** What is under way for longer is not expected to come to an end. */
const STUCK_MS = 5_000;
/** A query waits this long for what is to be written before it. */
const QUERY_WAIT_MS = 500;
const MS_A_DAY = 86_400_000;

/** Brings what is in the queue into the files of a folder, in order, and tries again what fails. */
export class FileLog {
  readonly #options: FileLogOptions;
  readonly #queue: EventQueue;
  #writer: ChainWriter | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #health: SinkHealth = { state: "unknown" };
  /** When the step that is under way began; `undefined`: nothing is. */
  #attemptedAt: number | undefined;
  #closed = false;

  constructor(options: FileLogOptions) {
    this.#options = options;
    this.#queue = options.queue;
  }

  get health(): SinkHealth {
    const head = this.head;
    const health = this.#isStuck() ? this.#stuck() : this.#health;
    return head ? { ...health, details: { ...head } } : health;
  }

  /** A disk, or a network behind it, need not fail: it may just not answer. */
  #isStuck(): boolean {
    return this.#attemptedAt !== undefined && this.#options.now() - this.#attemptedAt >= STUCK_MS;
  }

  #stuck(): SinkHealth {
    const { path } = this.#options;
    const lastError = `${path} has not answered for ${STUCK_MS / 1_000} s; check audit.path. Events wait`;
    return { state: "failing", lastError };
  }

  /** The last record that was written. */
  get head(): AuditHead | undefined {
    if (this.#writer === undefined) return undefined;
    const { name: chain, head } = this.#writer;
    return { chain, sequence: head.sequence, hash: head.hash };
  }

  /** Something is in the queue. */
  wake(): void {
    // while something fails, the timer is that of the next try
    if (this.#timer !== undefined || this.#closed) return;
    this.#schedule(this.#options.fsync === "each" ? 0 : GATHERING_MS);
  }

  /** Resolves when all that is in the queue now is written and, unless the policy is `none`, on the disk. Else it rejects. */
  async forceFlush(): Promise<AuditHead | undefined> {
    const target = this.#queue.total;
    await this.#inTurn(() => this.#attempt(target, true));
    return this.head;
  }

  query: AuditLog["query"] = async (query = {}) => {
    const selection = selectionOf(query);
    const target = this.#queue.total;
    const written = this.#inTurn(() => this.#attempt(target, this.#options.fsync === "each")).catch(
      () => {},
    );
    await Promise.race([written, delay(QUERY_WAIT_MS)]);
    return this.#read(selection);
  };

  async #read(selection: Selection): Promise<AuditPage> {
    const { path } = this.#options;
    try {
      return await queryFolder(path, selection);
    } catch (cause) {
      if (isObservabilityError(cause)) throw cause;
      throw new ObservabilityError("AUDIT_LOG_FAILING", describeReadFailure(path, cause), {
        cause,
      });
    }
  }

  /** Writes what it can, once, and lets go of the files. What could not be written is counted. */
  async shutdown(): Promise<void> {
    this.#closed = true;
    await this.forceFlush().catch(() => {});
    await this.#inTurn(async () => {
      clearTimeout(this.#timer);
      clearTimeout(this.#syncTimer);
      const events = this.#queue.countEvents();
      if (events > 0) this.#options.diagnostics.dropped(DESTINATION, "write_failed", events);
      this.#queue.discard(this.#queue.size);
      await this.#writer?.close().catch(() => {});
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const sync = this.#options.fsync === "each" || (this.#writer?.syncFailed ?? false);
      void this.#inTurn(() => this.#attempt(Infinity, sync)).catch(() => {});
    }, delayMs).unref();
  }

  /** Writes what is in the queue, up to the item of this number, and syncs if told to. */
  async #attempt(target: number, sync: boolean): Promise<void> {
    this.#attemptedAt = this.#options.now();
    try {
      while (this.#queue.size > 0 && this.#queue.taken < target) await this.#writeBatch();
      await this.#writer?.appendNotes();
      if (sync) await this.#writer?.sync();
    } catch (error) {
      await this.#failed(error);
      throw error;
    } finally {
      this.#attemptedAt = undefined;
    }
    this.#succeeded();
    if (this.#queue.size > 0) this.wake();
    if (this.#writer?.hasUnsynced) this.#scheduleSync();
  }

  #succeeded(): void {
    // having nothing to write doesn't bring to the disk what it refused
    if (this.#writer === undefined || this.#writer.syncFailed) return;
    this.#health = { state: "ok" };
    this.#retryMs = FIRST_RETRY_MS;
  }

  async #writeBatch(): Promise<void> {
    this.#attemptedAt = this.#options.now();
    this.#writer ??= await this.#open();
    const { taken, events, lost } = await this.#writer.append(this.#queue.peek(MAX_BATCH));
    this.#queue.discard(taken);
    const { diagnostics } = this.#options;
    diagnostics.exported(DESTINATION, events);
    for (const [reason, count] of lost) diagnostics.dropped(DESTINATION, reason, count);
  }

  #open(): Promise<ChainWriter> {
    const { path, key, fsync, maxAgeDays, diagnostics, ...options } = this.#options;
    return ChainWriter.open({
      ...options,
      folder: path,
      digest: createDigest(key),
      durable: fsync !== "none",
      maxAgeMs: maxAgeDays === undefined ? undefined : maxAgeDays * MS_A_DAY,
      report: (name, message) => diagnostics.warnOnce(DESTINATION, name, message),
    });
  }

  #scheduleSync(): void {
    if (this.#syncTimer !== undefined || this.#closed) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = undefined;
      void this.#inTurn(() => this.#attempt(0, true)).catch(() => {});
    }, this.#options.fsyncIntervalMs).unref();
  }

  async #failed(cause: unknown): Promise<void> {
    const { path, diagnostics } = this.#options;
    const lastError = describeFailure(path, cause);
    this.#health = { state: "failing", lastError };
    clearTimeout(this.#timer);
    if (!this.#closed) this.#schedule(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
    if (cause instanceof DisturbedFileError && cause.events > 0) {
      diagnostics.dropped(DESTINATION, "file_removed", cause.events);
    }
    if (cause instanceof ChainTakenError) {
      await this.#writer?.close().catch(() => {});
      this.#writer = undefined;
    }
    diagnostics.warnOnce(DESTINATION, lastError, lastError);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
