import type { TerminalEvent } from "../../events/index.ts";
import { PreciseSum, UsdSum } from "../../pricing/index.ts";
import { isoTime, roundedDuration } from "../../timing/index.ts";
import type { RequestTotals } from "./session-record.ts";

/** Adds operations up as they end, and knows when it first and last heard of anything. */
export class CallTotals {
  #firstMs: number;
  #lastMs: number;
  #successful = 0;
  #failed = 0;
  #aborted = 0;
  #streams = 0;
  #promptTokens = 0;
  #completionTokens = 0;
  #withTools = 0;
  #unpriced = 0;
  readonly #durationMs = new PreciseSum();
  readonly #firstTokenMs = new PreciseSum();
  readonly #cost = new UsdSum();

  /** Unix epoch in milliseconds. */
  constructor(atMs: number) {
    this.#firstMs = atMs;
    this.#lastMs = atMs;
  }

  /** Events of other processes come in any order. */
  touch(atMs: number): void {
    if (atMs < this.#firstMs) this.#firstMs = atMs;
    if (atMs > this.#lastMs) this.#lastMs = atMs;
  }

  add({ timestamp, data }: TerminalEvent): void {
    const { outcome, usage, cost, timeToFirstTokenMs } = data;
    this.touch(timestamp - data.durationMs);
    this.touch(timestamp);
    if (outcome === "success") this.#successful += 1;
    else this.#failed += 1;
    if (outcome === "aborted" || outcome === "abandoned") this.#aborted += 1;
    this.#durationMs.add(data.durationMs);
    if (timeToFirstTokenMs !== undefined) {
      this.#streams += 1;
      this.#firstTokenMs.add(timeToFirstTokenMs);
    }
    this.#promptTokens += usage?.inputTokens ?? 0;
    this.#completionTokens += usage?.outputTokens ?? 0;
    if (data.toolCallsCount > 0) this.#withTools += 1;
    if (cost) this.#cost.add(cost.totalUsd);
    // a request that was refused is not billed
    else if (usage || outcome !== "error") this.#unpriced += 1;
  }

  /** Takes away what has been added up elsewhere, all of which was added here as well. */
  subtract(others: CallTotals): void {
    this.#successful -= others.#successful;
    this.#failed -= others.#failed;
    this.#aborted -= others.#aborted;
    this.#durationMs.add(-others.#durationMs.value);
    this.#streams -= others.#streams;
    this.#firstTokenMs.add(-others.#firstTokenMs.value);
    this.#promptTokens -= others.#promptTokens;
    this.#completionTokens -= others.#completionTokens;
    this.#withTools -= others.#withTools;
    this.#unpriced -= others.#unpriced;
    this.#cost.add(-others.#cost.value);
  }

  toRecord(): RequestTotals {
    const count = this.#successful + this.#failed;
    const durationMs = this.#durationMs.value;
    const tokens = this.#promptTokens + this.#completionTokens;
    return {
      total_requests: count,
      successful_requests: this.#successful,
      failed_requests: this.#failed,
      aborted_requests: this.#aborted,
      error_rate: ratio(this.#failed - this.#aborted, count) ?? 0,
      total_duration_ms: roundedDuration(durationMs),
      average_duration_ms: roundedDuration(ratio(durationMs, count) ?? 0),
      average_time_to_first_token_ms: roundedIfAny(ratio(this.#firstTokenMs.value, this.#streams)),
      total_prompt_tokens: this.#promptTokens,
      total_completion_tokens: this.#completionTokens,
      total_tokens: tokens,
      average_tokens_per_request: ratio(tokens, count) ?? 0,
      token_efficiency: ratio(this.#completionTokens, this.#promptTokens),
      requests_with_tools: this.#withTools,
      total_cost_usd: this.#cost.usd,
      unpriced_requests: this.#unpriced,
      first_activity: isoTime(this.#firstMs),
      last_activity: isoTime(this.#lastMs),
    };
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function roundedIfAny(milliseconds: number | null): number | null {
  return milliseconds === null ? null : roundedDuration(milliseconds);
}
