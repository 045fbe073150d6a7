import type { Agent } from "node:http";
import { promisify } from "node:util";
import { constants, gzip, type ZlibOptions } from "node:zlib";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { ExportError } from "./export-error.ts";
import { postOnce } from "./http-post.ts";
import { otlpJson } from "./otlp-json.ts";
import { rejectedSpans } from "./rejected-spans.ts";
import { sendWithRetries } from "./send-with-retries.ts";

export interface OtlpHttpExporterOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What one export may take, retries included. */
  readonly timeoutMs: number;
  /** Asked once, for the first export; `protocol` is `http:` or `https:`. */
  readonly transport: (protocol: string) => Transport | Promise<Transport>;
  /** Told of spans that an otherwise accepted batch lost (OTLP `partialSuccess`). */
  readonly onRejected?: (count: number) => void;
}

/** How a batch gets there. */
export interface Transport {
  readonly compression: "gzip" | "none";
  readonly agent: Agent;
}

/** An exporter that can be told that its last flush comes. */
export interface ClosingExporter extends SpanExporter {
  /** From here on what can't be reached is not tried again: nobody waits for what is not there. */
  closing(): void;
}

const compress = promisify<Buffer, ZlibOptions, Buffer>(gzip);

/** The fastest: spans repeat themselves so much that a higher level gains little and takes several times as long. */
const FASTEST: ZlibOptions = { level: constants.Z_BEST_SPEED };

/**
 * OTLP/HTTP with JSON. Unlike OTel's own exporter it takes nothing from the environment, so that no header or
 * certificate meant for one destination reaches another; it bounds a whole export, not only a silent socket; and
 * `shutdown()` stops what is under way instead of holding the process until it times out.
 */
export function createOtlpHttpExporter(options: OtlpHttpExporterOptions): ClosingExporter {
  return new OtlpHttpExporter(options);
}

class OtlpHttpExporter implements ClosingExporter {
  readonly #options: OtlpHttpExporterOptions;
  readonly #url: URL;
  readonly #underWay = new Map<Promise<void>, AbortController>();
  #transport: Transport | undefined;
  readonly #closing = new AbortController();
  #isShutDown = false;

  constructor(options: OtlpHttpExporterOptions) {
    this.#options = options;
    this.#url = new URL(options.url);
  }

  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    if (this.#isShutDown) {
      resultCallback({ code: ExportResultCode.FAILED, error: new ExportError("shutdown") });
      return;
    }
    const controller = new AbortController();
    const done = this.#send(spans, controller).then(
      () => resultCallback({ code: ExportResultCode.SUCCESS }),
      (error: unknown) => resultCallback({ code: ExportResultCode.FAILED, error: toError(error) }),
    );
    this.#underWay.set(done, controller);
    void done.finally(() => this.#underWay.delete(done));
  }

  closing(): void {
    this.#closing.abort();
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.#underWay.keys());
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    for (const controller of this.#underWay.values()) controller.abort("shutdown");
    await this.forceFlush();
    this.#transport?.agent.destroy();
  }

  async #send(spans: ReadableSpan[], controller: AbortController): Promise<void> {
    const { timeoutMs } = this.#options;
    const { signal } = controller;
    const timer = setTimeout(() => controller.abort("timeout"), timeoutMs).unref();
    try {
      const post = await this.#prepare(spans);
      const answer = await sendWithRetries(() => postOnce({ ...post, signal }), {
        signal,
        deadlineMs: Date.now() + timeoutMs,
        closing: this.#closing.signal,
      });
      const rejected = rejectedSpans(answer.body);
      if (rejected > 0) this.#options.onRejected?.(rejected);
    } finally {
      clearTimeout(timer);
    }
  }

  async #prepare(spans: ReadableSpan[]) {
    const { headers, transport } = this.#options;
    this.#transport ??= await transport(this.#url.protocol);
    const { compression, agent } = this.#transport;
    const json = otlpJson(spans);
    const isGzip = compression === "gzip";
    return {
      url: this.#url,
      agent,
      headers: {
        ...headers,
        "content-type": "application/json",
        ...(isGzip && { "content-encoding": "gzip" }),
      },
      body: isGzip ? await compress(json, FASTEST) : json,
    };
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new ExportError("unknown error");
}
