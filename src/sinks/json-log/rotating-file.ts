import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, parse, join } from "node:path";
import { Writable } from "node:stream";
import { makeFolder } from "../../folders/index.ts";
import type { WriteReport } from "./write-report.ts";

export interface RotatingFileOptions {
  readonly path: string;
  /** A file is put aside before it would grow beyond this. Bytes. */
  readonly maxSizeBytes: number;
  /** The current one included. */
  readonly maxFiles: number;
  readonly report: WriteReport;
}

type Written = (error: Error | null | undefined) => void;

/** How long lines wait for others. */
const GATHERING_MS = 10;

/**
 * A file that lines are appended to, those of some milliseconds with one `write()`; `app.log` becomes `app1.log` when it is full, that one
 * `app2.log`, and so on. Lines that can't be written are reported and given up; the next ones are tried again. The
 * stream itself never fails. (winston's own `File` loses lines when it rotates, and does not end when it can't open.)
 */
export class RotatingFile extends Writable {
  #gathering: NodeJS.Timeout | undefined;
  readonly #options: RotatingFileOptions;
  #handle: FileHandle | undefined;
  #sizeBytes = 0;
  /** A device or a pipe can't be put aside: whoever is root would take `/dev/null` away from everybody. */
  #isRegular = true;

  constructor(options: RotatingFileOptions) {
    super();
    this.#options = options;
  }

  override write(line: unknown, encoding?: BufferEncoding | Written, done?: Written): boolean {
    this.#gather();
    if (typeof encoding === "function") return super.write(line, encoding);
    return super.write(line, encoding ?? "utf8", done);
  }

  /** Resolves when all lines that it has by now are written, or given up. */
  async flush(): Promise<void> {
    if (this.writableEnded) return;
    await new Promise<void>((resolve) => {
      // after all others, and nothing itself
      super.write("", "utf8", () => resolve());
      this.#release();
    });
  }

  override _write(line: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this._writev([{ chunk: line }], done);
  }

  override _writev(writes: readonly { readonly chunk: Buffer }[], done: () => void): void {
    const lines = writes.map(({ chunk }) => chunk).filter(({ length }) => length > 0);
    void this.#append(lines).then(done);
  }

  override _final(done: () => void): void {
    void this.#close().then(done);
  }

  /** A write to a file takes longer than everything else that is done for a line. */
  #gather(): void {
    if (this.#gathering !== undefined || this.writableEnded) return;
    this.cork();
    this.#gathering = setTimeout(() => this.#release(), GATHERING_MS).unref();
  }

  #release(): void {
    if (this.#gathering === undefined) return;
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.uncork();
  }

  async #append(lines: readonly Buffer[]): Promise<void> {
    for (let done = 0; done < lines.length;) done += await this.#tryAppend(lines.slice(done));
  }

  /** How many lines were dealt with: those that fit into the file, or all if it could not be written. */
  async #tryAppend(lines: readonly Buffer[]): Promise<number> {
    try {
      const handle = await this.#fileFor(lines[0]?.length ?? 0);
      const count = this.#countFitting(lines);
      const bytes = Buffer.concat(lines.slice(0, count));
      await handle.appendFile(bytes);
      this.#sizeBytes += bytes.length;
      this.#options.report.written(count);
      return count;
    } catch (error) {
      await this.#close();
      this.#options.report.failed(lines.length, error);
      return lines.length;
    }
  }

  /** At least one: a line longer than a file has one to itself. */
  #countFitting(lines: readonly Buffer[]): number {
    let sizeBytes = this.#sizeBytes;
    const tooMany = lines.findIndex((line, index) => {
      sizeBytes += line.length;
      return index > 0 && sizeBytes > this.#options.maxSizeBytes;
    });
    return tooMany === -1 ? lines.length : tooMany;
  }

  async #fileFor(lineBytes: number): Promise<FileHandle> {
    const handle = await this.#open();
    const fits = this.#sizeBytes + lineBytes <= this.#options.maxSizeBytes;
    if (fits || this.#sizeBytes === 0 || !this.#isRegular) return handle;
    await this.#close();
    await this.#putAside();
    return this.#open();
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle) return this.#handle;
    const { path } = this.#options;
    await makeFolder(dirname(path));
    this.#handle = await open(path, "a");
    const status = await this.#handle.stat();
    this.#isRegular = status.isFile();
    this.#sizeBytes = status.size;
    return this.#handle;
  }

  async #putAside(): Promise<void> {
    const { maxFiles } = this.#options;
    await rm(this.#name(maxFiles - 1), { force: true });
    for (let number = maxFiles - 2; number >= 0; number -= 1) {
      await rename(this.#name(number), this.#name(number + 1)).catch(unlessMissing);
    }
  }

  #name(number: number): string {
    const { dir, name, ext } = parse(this.#options.path);
    return number === 0 ? this.#options.path : join(dir, `${name}${number}${ext}`);
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => {});
  }
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
