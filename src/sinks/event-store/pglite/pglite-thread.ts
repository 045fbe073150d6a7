import { Worker } from "node:worker_threads";
import { ownThread } from "../../../threads/index.ts";
import { pgliteProgram } from "./pglite-program.ts";

/** What the thread is asked; see `pglite-program.ts`. */
export type ThreadRequest =
  | {
      readonly kind: "open";
      readonly module: string;
      readonly parent: string;
      /** Run when it is open, and after each checkpoint. */
      readonly upkeep: string;
    }
  | { readonly kind: "query"; readonly sql: string; readonly parameters?: readonly unknown[] }
  | { readonly kind: "close" };

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly code?: string };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The thread that PGlite runs in. It does not keep the process alive. */
export class PgliteThread {
  readonly #worker = new Worker(pgliteProgram, { eval: true, ...ownThread() });
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #running = true;

  constructor() {
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("the thread of PGlite has ended")));
    this.#worker.unref();
  }

  get running(): boolean {
    return this.#running;
  }

  ask(request: ThreadRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.#running) return reject(new Error("the thread of PGlite has ended"));
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage({ id: this.#lastId, ...request });
    });
  }

  /** At once, as if it were killed: what was acknowledged is on the disk. */
  async terminate(): Promise<void> {
    this.#end(new Error("the thread of PGlite was ended"));
    await this.#worker.terminate();
  }

  #settle({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(Object.assign(new Error(error.message), { code: error.code }));
  }

  #end(error: Error): void {
    this.#running = false;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
