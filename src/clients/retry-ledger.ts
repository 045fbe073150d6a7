import type { Operation } from "../calls/index.ts";
import type { CallContext } from "../events/index.ts";

/** Failed attempts that are remembered at a time; past it the oldest is forgotten, and its retry stands alone. */
const MAX_EXPECTED = 256;

/** The SDKs of OpenAI and Anthropic, and all that the same generator made, number the attempts of a request by it. */
const RETRY_COUNT = "x-stainless-retry-count";

/** An attempt whose SDK says which one of its request it is. */
export interface NumberedAttempt {
  /** 0 for the first. */
  readonly retryCount: number;
  readonly url: string;
  readonly body: string;
  readonly context: CallContext;
}

/** What an attempt says of itself: the `init` of `fetch`, or the like of a `Request`. */
export interface NumberedMessage {
  readonly headers?: NonNullable<Parameters<typeof globalThis.fetch>[1]>["headers"];
  readonly body?: unknown;
}

/** `undefined` for a call whose sender does not number its attempts. */
export function numberedAttempt(
  url: string,
  message: NumberedMessage | undefined,
  context: CallContext,
): NumberedAttempt | undefined {
  const body = message?.body;
  if (typeof body !== "string") return undefined;
  const retryCount = Number(new Headers(message?.headers).get(RETRY_COUNT) ?? Number.NaN);
  return Number.isSafeInteger(retryCount) ? { retryCount, url, body, context } : undefined;
}

interface Expected {
  readonly attempt: NumberedAttempt;
  readonly operation: Operation;
  readonly untilMs: number;
}

/** Attempts that failed, to each of which the next one may follow. */
export class RetryLedger {
  readonly #now: () => number;
  #expected: Expected[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#expected.length;
  }

  /** `attempt` of `operation` has failed; the next one is expected within `limitMs`. */
  expect(attempt: NumberedAttempt, operation: Operation, limitMs: number): void {
    this.#forget();
    this.#expected.push({ attempt, operation, untilMs: this.#now() + limitMs });
    if (this.#expected.length > MAX_EXPECTED) this.#expected.shift();
  }

  /**
   * The operation that `attempt` repeats: the same request, sent from the same context, whose attempt before this one
   * failed just now. Of equal requests in flight any will do: each gets one retry.
   */
  take(attempt: NumberedAttempt): Operation | undefined {
    this.#forget();
    const index = this.#expected.findIndex((failed) => isNext(failed.attempt, attempt));
    return index === -1 ? undefined : this.#expected.splice(index, 1)[0]?.operation;
  }

  #forget(): void {
    const now = this.#now();
    this.#expected = this.#expected.filter(
      ({ operation, untilMs }) => untilMs > now && !operation.ended,
    );
  }
}

function isNext(failed: NumberedAttempt, attempt: NumberedAttempt): boolean {
  return (
    attempt.retryCount === failed.retryCount + 1 &&
    attempt.url === failed.url &&
    attempt.context === failed.context &&
    attempt.body === failed.body
  );
}
