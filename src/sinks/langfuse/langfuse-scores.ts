import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Diagnostics } from "../../diagnostics/index.ts";
import { ObservabilityError } from "../../errors/index.ts";
import { environmentName } from "./environment-name.ts";
import { type LangfuseClient, loadLangfuse, type LoadLangfuse } from "./langfuse-client.ts";
import type { LangfuseCredentials } from "./langfuse-endpoint.ts";
import type { LangfuseScore, LangfuseScores } from "./scores.ts";

const DESTINATION = "langfuse-scores";
const MAX_WAITING = 1_000;
const BATCH_SIZE = 15;
const DEFAULT_DEADLINE_MS = 5_000;

export interface LangfuseScoresOptions extends LangfuseCredentials {
  readonly environment?: string | undefined;
  /** What one request may take. Default 5,000. */
  readonly timeoutMs?: number;
  readonly diagnostics: Diagnostics;
  /** Default: imports the package `langfuse`. */
  readonly load?: LoadLangfuse;
}

/** Scores through the package `langfuse` 3.x, which is loaded with the first score. */
export function createLangfuseScores(options: LangfuseScoresOptions): LangfuseScores {
  return new PeerScores(options);
}

class PeerScores implements LangfuseScores {
  readonly #options: LangfuseScoresOptions;
  #client: Promise<LangfuseClient> | undefined;
  #closing: Promise<void> | undefined;
  /** Scores that Langfuse has neither accepted nor refused. */
  #waiting = 0;
  readonly #whenIdle = new Set<() => void>();

  constructor(options: LangfuseScoresOptions) {
    this.#options = options;
  }

  async score(score: LangfuseScore): Promise<void> {
    if (this.#closing) throw new ObservabilityError("SHUT_DOWN", "score() after shutdown()");
    this.#client ??= connect(this.#options, (count, error) => this.#settle(count, error));
    const client = await this.#client;
    if (this.#closing || this.#waiting >= MAX_WAITING) {
      const reason = this.#closing ? "shut_down" : "queue_full";
      this.#options.diagnostics.dropped(DESTINATION, reason, 1);
      return;
    }
    this.#waiting += 1;
    client.score({ ...score, id: randomUUID() });
  }

  async flush(deadlineMs = DEFAULT_DEADLINE_MS): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    if (!client || this.#waiting === 0) return;
    // the client puts a score on its queue some microtasks after `score()`
    await setImmediate();
    for (let sent = 0; sent < this.#waiting; sent += BATCH_SIZE) client.flush(() => {});
    await this.#idle(deadlineMs);
  }

  shutdown(deadlineMs = DEFAULT_DEADLINE_MS): Promise<void> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<void> {
    await this.flush(deadlineMs);
    if (this.#waiting === 0) return;
    this.#options.diagnostics.dropped(DESTINATION, "shutdown_timeout", this.#waiting);
    this.#waiting = 0;
  }

  /** A batch has been accepted, or refused with `error`. */
  #settle(count: number, error: unknown): void {
    // what shutdown() has given up is counted already
    if (this.#waiting === 0) return;
    this.#waiting -= count;
    const { diagnostics } = this.#options;
    if (error === undefined) {
      diagnostics.exported(DESTINATION, count);
    } else {
      diagnostics.dropped(DESTINATION, "export_failed", count);
      diagnostics.warnOnce(
        DESTINATION,
        "export",
        "scores could not be sent; check LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY and LANGFUSE_BASE_URL.",
      );
    }
    if (this.#waiting > 0) return;
    for (const resolve of this.#whenIdle) resolve();
  }

  /** Resolves when nothing waits any more, or after `deadlineMs`. */
  #idle(deadlineMs: number): Promise<void> {
    if (this.#waiting === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#whenIdle.delete(done);
        resolve();
      };
      const timer = setTimeout(done, deadlineMs);
      this.#whenIdle.add(done);
    });
  }
}

async function connect(
  options: LangfuseScoresOptions,
  settle: (count: number, error: unknown) => void,
): Promise<LangfuseClient> {
  const { publicKey, secretKey, baseUrl, environment, timeoutMs, load } = options;
  const { Langfuse } = await loadLangfuse(load);
  const client = new Langfuse({
    publicKey,
    secretKey,
    baseUrl,
    environment: environmentName(environment) ?? "default",
    requestTimeout: timeoutMs ?? DEFAULT_DEADLINE_MS,
    // by default it samples scores by a hash of its own, which would disagree with the sampling of spans
    sampleRate: 1,
    flushAt: BATCH_SIZE,
    flushInterval: 1_000,
    fetchRetryCount: 1,
    fetchRetryDelay: 500,
  });
  // for each batch the client emits `flush`, right after `warning` with the error if the batch has failed
  let failure: unknown;
  client.on("warning", (error) => {
    failure = error;
  });
  client.on("flush", (items) => {
    settle(Array.isArray(items) ? items.length : 0, failure);
    failure = undefined;
  });
  return client;
}
