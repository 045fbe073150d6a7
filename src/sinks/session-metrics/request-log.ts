import type { Outcome, TerminalEvent } from "../../events/index.ts";
import { roundedUsd } from "../../pricing/index.ts";
import { isoTime, roundedDuration } from "../../timing/index.ts";
import type { SessionRequest } from "./session-record.ts";

const OUTCOMES: readonly Outcome[] = ["success", "error", "aborted", "abandoned", "truncated"];

/** Numbers of one request in {@link RequestLog}. */
const WIDTH = 7;
const UNKNOWN = Number.NaN;

/**
 * The latest requests of a session, oldest overwritten first. They are kept as plain numbers and two words each: a
 * quarter of what as many objects take, and nothing of an event is held.
 */
export class RequestLog {
  readonly #maxSize: number;
  /** A timestamp goes first: it is no small integer, so that V8 keeps the array as doubles from the start. */
  readonly #numbers: number[] = [];
  /** Model and error type. */
  readonly #words: (string | undefined)[] = [];
  /** Place of the next request. */
  #next = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  add({ timestamp, data }: TerminalEvent): void {
    if (this.#maxSize === 0) return;
    const { usage } = data;
    const at = this.#next * WIDTH;
    const numbers = this.#numbers;
    numbers[at] = timestamp;
    numbers[at + 1] = data.durationMs;
    numbers[at + 2] = usage?.inputTokens ?? UNKNOWN;
    numbers[at + 3] = usage?.outputTokens ?? UNKNOWN;
    numbers[at + 4] = data.cost?.totalUsd ?? UNKNOWN;
    numbers[at + 5] = data.timeToFirstTokenMs ?? UNKNOWN;
    numbers[at + 6] = OUTCOMES.indexOf(data.outcome) * 2 + (data.toolCallsCount > 0 ? 1 : 0);
    this.#words[this.#next * 2] = data.model;
    this.#words[this.#next * 2 + 1] = data.outcome === "success" ? undefined : data.errorType;
    this.#next = this.#next + 1 === this.#maxSize ? 0 : this.#next + 1;
  }

  /** Oldest first. */
  toRecords(): SessionRequest[] {
    const count = this.#words.length / 2;
    const first = count === this.#maxSize ? this.#next : 0;
    return Array.from({ length: count }, (_, index) => this.#recordAt((first + index) % count));
  }

  #recordAt(place: number): SessionRequest {
    const at = place * WIDTH;
    const number = (offset: number) => this.#numbers[at + offset] ?? UNKNOWN;
    const prompt = number(2);
    const completion = number(3);
    const flags = number(6);
    const outcome = OUTCOMES[flags >> 1] ?? "error";
    return {
      timestamp: isoTime(number(0)),
      model: this.#words[place * 2] ?? "",
      duration_ms: roundedDuration(number(1)),
      prompt_tokens: known(prompt),
      completion_tokens: known(completion),
      total_tokens: known(totalOf(prompt, completion)),
      has_tool_calls: (flags & 1) === 1,
      success: outcome === "success",
      error: this.#words[place * 2 + 1] ?? null,
      outcome,
      // a sum of two prices, which shows what binary fractions round off
      cost_usd: known(roundedUsd(number(4))),
      time_to_first_token_ms: known(roundedDuration(number(5))),
    };
  }
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Unknown only if both are, as in the totals. */
function totalOf(prompt: number, completion: number): number {
  if (Number.isNaN(prompt)) return completion;
  return Number.isNaN(completion) ? prompt : prompt + completion;
}
