import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Disturbance } from "./line.ts";

export type OpenFile = (path: string, flags: string, mode?: number) => Promise<FileHandle>;

export interface SegmentFileOptions {
  /** Keep what has not reached the disk yet, to write it again when the disk refuses it. */
  readonly durable: boolean;
  readonly open?: OpenFile;
}

/** Only this process and its user may read what was said. */
const FILE_MODE = 0o600;
/** What may wait for the disk; it is then asked to take it, whatever the policy says. */
const MAX_UNSYNCED_BYTES = 4 * 1024 * 1024;

/**
 * A file that is appended to, and nothing else. What is written of an append that fails is taken away again before
 * the next one, so that lines are whole and in order.
 */
export class SegmentFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #open: OpenFile;
  readonly #durable: boolean;
  #sizeBytes: number;
  /** Past `#sizeBytes` there may be a part of what could not be written. */
  #isTorn = false;
  #unsynced: Buffer[] = [];
  #unsyncedBytes = 0;
  #syncFailed = false;

  private constructor(path: string, handle: FileHandle, size: number, options: SegmentFileOptions) {
    this.path = path;
    this.#handle = handle;
    this.#sizeBytes = size;
    this.#open = options.open ?? open;
    this.#durable = options.durable;
  }

  /** @throws EEXIST: nothing is ever overwritten */
  static async create(path: string, options: SegmentFileOptions): Promise<SegmentFile> {
    const handle = await (options.open ?? open)(path, "ax", FILE_MODE);
    if (options.durable) await syncFolder(dirname(path));
    return new SegmentFile(path, handle, 0, options);
  }

  /** Opens one that is there, and cuts off what follows its first `sizeBytes`. */
  static async reopen(
    path: string,
    sizeBytes: number,
    options: SegmentFileOptions,
  ): Promise<SegmentFile> {
    const handle = await (options.open ?? open)(path, "a");
    const file = new SegmentFile(path, handle, sizeBytes, options);
    file.#isTorn = (await handle.stat()).size > sizeBytes;
    return file;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get hasUnsynced(): boolean {
    return this.#unsyncedBytes > 0;
  }

  /** The disk refused what it had taken. */
  get syncFailed(): boolean {
    return this.#syncFailed;
  }

  /** Before anything else is appended. */
  get mustSync(): boolean {
    return this.#syncFailed || this.#unsyncedBytes >= MAX_UNSYNCED_BYTES;
  }

  /** All of it, or nothing: a part that was written is cut off by the next append. */
  async append(bytes: Buffer): Promise<void> {
    await this.settle();
    this.#isTorn = true;
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await this.#handle.write(bytes, written);
      written += bytesWritten;
    }
    this.#isTorn = false;
    this.#sizeBytes += bytes.length;
    if (!this.#durable) return;
    this.#unsynced.push(bytes);
    this.#unsyncedBytes += bytes.length;
  }

  /** Cuts off what is left of an append that failed. */
  async settle(): Promise<void> {
    if (this.#isTorn) await this.#handle.truncate(this.#sizeBytes);
    this.#isTorn = false;
  }

  /** Resolves when all that was appended is on the disk. */
  async sync(): Promise<void> {
    if (!this.hasUnsynced) return;
    if (this.#syncFailed) await this.#writeAgain();
    try {
      await this.#handle.datasync();
    } catch (error) {
      this.#syncFailed = true;
      throw error;
    }
    this.#syncFailed = false;
    this.#unsynced = [];
    this.#unsyncedBytes = 0;
  }

  /**
   * After a failed `fsync` the kernel takes the data for written (a second one would succeed and mean nothing), so it
   * is written again, to the same place.
   */
  async #writeAgain(): Promise<void> {
    const handle = await this.#open(this.path, "r+");
    try {
      let position = this.#sizeBytes - this.#unsyncedBytes;
      for (const bytes of this.#unsynced) {
        await handle.write(bytes, 0, bytes.length, position);
        position += bytes.length;
      }
    } finally {
      await handle.close();
    }
  }

  /** What somebody else did to it. */
  async disturbance(): Promise<Disturbance | undefined> {
    const mine = await this.#handle.stat();
    if (mine.nlink === 0) return "removed";
    if (!this.#isTorn && mine.size !== this.#sizeBytes) return "changed";
    const there = await stat(this.path).catch(() => undefined);
    return there?.ino === mine.ino && there.dev === mine.dev ? undefined : "replaced";
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

const CANNOT_SYNC: ReadonlySet<unknown> = new Set(["EINVAL", "ENOTSUP", "EPERM", "EBADF"]);

/** A new name in a folder is on the disk when the folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.datasync();
  } catch (error) {
    // some file systems can't
    if (!(error instanceof Error && "code" in error && CANNOT_SYNC.has(error.code))) throw error;
  } finally {
    await handle.close();
  }
}
