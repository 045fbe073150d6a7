import { randomFillSync } from "node:crypto";
import type { SpanContext } from "@opentelemetry/api";
import type { IdGenerator } from "@opentelemetry/sdk-trace-base";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Random bytes come cheaper by the thousand. */
const POOL_BYTES = 4_096;

/** Ids of traces and spans. */
export class SpanIds implements IdGenerator {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #used = POOL_BYTES;
  #given: SpanContext | undefined;

  readonly generateTraceId = (): string => this.#given?.traceId ?? this.#next(TRACE_ID_BYTES);

  readonly generateSpanId = (): string => this.#given?.spanId ?? this.#next(SPAN_ID_BYTES);

  /** While `start` runs, a span gets the ids of `given`. */
  reuse<T>(given: SpanContext, start: () => T): T {
    this.#given = given;
    try {
      return start();
    } finally {
      this.#given = undefined;
    }
  }

  #next(bytes: number): string {
    if (this.#used + bytes > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += bytes;
    return this.#pool.toString("hex", start, this.#used);
  }
}
