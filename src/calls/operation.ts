import type { Attempt, Enclosure, LlmCallData, LlmTerminalData, Outcome } from "../events/index.ts";
import type { LlmResponse } from "../wire/index.ts";
import { boundResponse, definedOnly } from "../wire/index.ts";

/** Attempts that are kept one by one; an SDK retries a handful of times. */
const MAX_ATTEMPTS = 64;

const NOTHING_RECEIVED: LlmResponse = { finishReasons: [], toolCallsCount: 0 };

/** Where an operation stands; each state holds what is valid in it alone. */
type State =
  /** Between attempts: before the first one, or while the SDK backs off. */
  | { readonly phase: "waiting" }
  /** An attempt was sent, its headers are not here yet. */
  | { readonly phase: "sent"; readonly sentAtMs: number }
  /** The answer is being read. */
  | { readonly phase: "reading"; readonly sentAtMs: number }
  | { readonly phase: "ended"; readonly outcome: Outcome };

/** How an operation ended, as told by who saw it. */
export type Ending =
  | { readonly outcome: "success" }
  | { readonly outcome: Exclude<Outcome, "success">; readonly errorType: string };

export interface OperationPorts {
  readonly now: () => number;
  readonly enclosure: Enclosure;
  /** Called exactly once. */
  readonly onEnd: (operation: Operation, ending: Ending, data: LlmTerminalData) => void;
}

/**
 * One logical call of an LLM, from the first attempt to the last byte its caller wanted. A state machine that ends
 * exactly once; whatever is told to it afterwards changes nothing.
 */
export class Operation {
  readonly call: LlmCallData;
  readonly startedAtMs: number;
  readonly #ports: OperationPorts;
  readonly #attempts: Attempt[] = [];
  #state: State = { phase: "waiting" };
  #httpStatus: number | undefined;
  #firstContentMs: number | undefined;
  /** When the answer was last read from. */
  #activeAtMs = 0;

  constructor(call: LlmCallData, startedAtMs: number, ports: OperationPorts) {
    this.call = call;
    this.startedAtMs = startedAtMs;
    this.#ports = ports;
  }

  get ended(): boolean {
    return this.#state.phase === "ended";
  }

  /** Runs `fn` inside the operation's span. */
  run<T>(fn: () => T): T {
    return this.#ports.enclosure.run(fn);
  }

  /** An HTTP call goes out. */
  attemptSent(): void {
    if (this.#state.phase === "ended") return;
    this.#firstContentMs = undefined;
    this.#state = { phase: "sent", sentAtMs: this.#ports.now() };
  }

  /** Headers came. */
  attemptAnswered(status: number): void {
    if (this.#state.phase !== "sent") return;
    const { sentAtMs } = this.#state;
    this.#settleAttempt(status);
    this.#activeAtMs = this.#ports.now();
    this.#state = { phase: "reading", sentAtMs };
  }

  /** Headers came with an error status, and whoever sent it decides what follows: a retry, or the end. */
  attemptRefused(status: number): void {
    if (this.#state.phase !== "sent") return;
    this.#settleAttempt(status);
    this.#state = { phase: "waiting" };
  }

  /** No headers came: `reason` is a low-cardinality error name. */
  attemptFailed(reason: string): void {
    if (this.#state.phase !== "sent") return;
    this.#httpStatus = undefined;
    this.#addAttempt(reason, this.#ports.now() - this.#state.sentAtMs);
    this.#state = { phase: "waiting" };
  }

  /** Something of the answer was read. */
  progressed(contentStarted: boolean): void {
    if (this.#state.phase !== "reading") return;
    this.#activeAtMs = this.#ports.now();
    if (contentStarted) this.#firstContentMs ??= this.#activeAtMs - this.#state.sentAtMs;
  }

  /** True if an answer has been waiting to be read since before `limitMs` ago. */
  isIdle(limitMs: number): boolean {
    return this.#state.phase === "reading" && this.#ports.now() - this.#activeAtMs >= limitMs;
  }

  /** The end, once; `response` is what is known of the answer. */
  end(ending: Ending, received: LlmResponse = NOTHING_RECEIVED): void {
    if (this.#state.phase === "ended") return;
    const response = boundResponse(received);
    this.#state = { phase: "ended", outcome: ending.outcome };
    this.#ports.onEnd(this, ending, {
      ...this.call,
      outcome: ending.outcome,
      durationMs: this.#ports.now() - this.startedAtMs,
      attempts: this.#attempts,
      finishReasons: response.finishReasons,
      toolCallsCount: response.toolCallsCount,
      ...definedOnly({
        timeToFirstTokenMs: this.call.stream ? this.#firstContentMs : undefined,
        httpStatus: this.#httpStatus,
        responseId: response.id,
        responseModel: response.model,
        serviceTier: response.serviceTier,
        systemFingerprint: response.systemFingerprint,
        usage: response.usage,
      }),
    });
  }

  #settleAttempt(status: number): void {
    if (this.#state.phase !== "sent") return;
    const ok = status >= 200 && status < 300;
    this.#httpStatus = status;
    this.#addAttempt(ok ? "ok" : String(status), this.#ports.now() - this.#state.sentAtMs);
  }

  #addAttempt(result: string, durationMs: number): void {
    if (this.#attempts.length < MAX_ATTEMPTS) {
      this.#attempts.push(Object.freeze({ result, durationMs }));
    }
  }
}
