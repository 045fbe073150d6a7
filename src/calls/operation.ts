import type {
  Attempt,
  CallContent,
  Cost,
  Enclosure,
  LlmCallData,
  LlmTerminalData,
  Outcome,
} from "../events/index.ts";
import type { ContentRecorder } from "./content/content-recorder.ts";
import type { LlmResponse } from "../wire/index.ts";
import { boundResponse } from "../wire/index.ts";
import { ChunkGaps } from "./chunk-gaps.ts";

/** Attempts that are kept one by one; an SDK retries a handful of times. */
const MAX_ATTEMPTS = 64;

const NOTHING_RECEIVED: LlmResponse = { finishReasons: [], toolCallsCount: 0 };

/** Where an operation stands; each state holds what is valid in it alone. */
type State =
  /** Between attempts: before the first one, or since the last one failed, while the SDK backs off. */
  | { readonly phase: "waiting"; readonly sinceMs?: number }
  /** An attempt was sent, its headers are not here yet. */
  | { readonly phase: "sent"; readonly sentAtMs: number }
  /** The answer is being read. */
  | { readonly phase: "reading"; readonly sentAtMs: number }
  /** The last attempt failed in a way that its sender may repeat. Unless it does, that was the end. */
  | { readonly phase: "lapsed"; readonly end: End }
  | { readonly phase: "ended"; readonly outcome: Outcome };

/** An end that is known, or would be one. */
interface End {
  readonly ending: Ending;
  readonly received: LlmResponse;
  readonly atMs: number;
}

/** How an operation ended, as told by who saw it. */
export type Ending =
  | { readonly outcome: "success" }
  | { readonly outcome: Exclude<Outcome, "success">; readonly errorType: string };

/** What an operation knows at its end, a fresh object: whoever is told adds cost and content. */
export type OperationEnd = LlmTerminalData & {
  readonly errorType: string | undefined;
  cost: Cost | undefined;
  content: CallContent | undefined;
};

export interface OperationPorts {
  readonly now: () => number;
  readonly enclosure: Enclosure;
  /** Only where content is captured. */
  readonly recorder?: ContentRecorder | undefined;
  /** Called exactly once. */
  readonly onEnd: (operation: Operation, data: OperationEnd) => void;
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
  #attemptNumber = 0;
  #state: State = { phase: "waiting" };
  #httpStatus: number | undefined;
  #headersMs: number | undefined;
  #backoffMs: number | undefined;
  #firstContentMs: number | undefined;
  #gaps: ChunkGaps | undefined;
  /** When the answer was last read from. */
  #activeAtMs = 0;

  constructor(call: LlmCallData, startedAtMs: number, ports: OperationPorts) {
    this.call = call;
    this.startedAtMs = startedAtMs;
    this.#ports = ports;
  }

  /** Listens in on the answer; only where content is captured. */
  get recorder(): ContentRecorder | undefined {
    return this.#ports.recorder;
  }

  get ended(): boolean {
    return this.#state.phase === "ended";
  }

  /** Of the attempt under way, or of the last one; 0 before the first. */
  get attemptNumber(): number {
    return this.#attemptNumber;
  }

  /** Runs `fn` inside the operation's span. */
  run<T>(fn: () => T): T {
    return this.#ports.enclosure.run(fn);
  }

  /** An HTTP call goes out. */
  attemptSent(): void {
    if (this.#state.phase === "ended") return;
    const sentAtMs = this.#ports.now();
    const idleSinceMs = this.#idleSinceMs;
    if (idleSinceMs !== undefined) {
      this.#backoffMs = (this.#backoffMs ?? 0) + sentAtMs - idleSinceMs;
    }
    this.#attemptNumber += 1;
    this.#headersMs = undefined;
    this.#firstContentMs = undefined;
    this.#gaps = undefined;
    this.#state = { phase: "sent", sentAtMs };
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
    this.#state = { phase: "waiting", sinceMs: this.#ports.now() };
  }

  /** No headers came: `reason` is a low-cardinality error name. */
  attemptFailed(reason: string): void {
    if (this.#state.phase !== "sent") return;
    this.#httpStatus = undefined;
    const sinceMs = this.#ports.now();
    this.#addAttempt(reason, sinceMs - this.#state.sentAtMs);
    this.#state = { phase: "waiting", sinceMs };
  }

  /** Something of the answer was read; `contentChunks` of it by now had content, where it is streamed. */
  progressed(contentChunks: number): void {
    if (this.#state.phase !== "reading") return;
    const atMs = this.#ports.now();
    this.#activeAtMs = atMs;
    if (this.#gaps) return this.#gaps.came(contentChunks, atMs);
    if (contentChunks === 0 || !this.call.stream) return;
    this.#firstContentMs = atMs - this.#state.sentAtMs;
    this.#gaps = new ChunkGaps(contentChunks, atMs);
  }

  /** True if an answer has been waiting to be read since before `limitMs` ago. */
  isIdle(limitMs: number): boolean {
    return this.#state.phase === "reading" && this.#ports.now() - this.#activeAtMs >= limitMs;
  }

  /** Nobody is going to read on. An answer with an error status has failed all the same. */
  abandon(errorType: string): void {
    const status = this.#state.phase === "reading" ? this.#httpStatus : undefined;
    if (status === undefined || isSuccess(status)) this.end({ outcome: "abandoned", errorType });
    else this.end({ outcome: "error", errorType: String(status) });
  }

  /** What would be the end, if the sender did not try again by itself. `expire()` makes it the end. */
  lapse(ending: Ending, received: LlmResponse = NOTHING_RECEIVED): void {
    if (this.#state.phase === "ended") return;
    this.#state = { phase: "lapsed", end: { ending, received, atMs: this.#ports.now() } };
  }

  /** Nobody tried again since attempt `attemptNumber` lapsed. */
  expire(attemptNumber: number): void {
    if (this.#state.phase === "lapsed" && this.#attemptNumber === attemptNumber) {
      this.#end(this.#state.end);
    }
  }

  /** The end, once; `response` is what is known of the answer. What has lapsed ends as it did then. */
  end(ending: Ending, received: LlmResponse = NOTHING_RECEIVED): void {
    if (this.#state.phase === "ended") return;
    if (this.#state.phase === "lapsed") return this.#end(this.#state.end);
    this.#end({ ending, received, atMs: this.#ports.now() });
  }

  #end(end: End): void {
    this.#state = { phase: "ended", outcome: end.ending.outcome };
    this.#ports.onEnd(this, this.#terminalData(end));
  }

  /** Field by field, known or not: all ends have one shape, and nothing is copied twice. */
  #terminalData({ ending, received, atMs }: End): OperationEnd {
    const { call } = this;
    const response = boundResponse(received);
    return {
      provider: call.provider,
      model: call.model,
      operation: call.operation,
      wireFormat: call.wireFormat,
      stream: call.stream,
      messagesCount: call.messagesCount,
      toolsCount: call.toolsCount,
      serverAddress: call.serverAddress,
      serverPort: call.serverPort,
      parameters: call.parameters,
      conversationId: call.conversationId,
      previousResponseId: call.previousResponseId,
      context: call.context,
      outcome: ending.outcome,
      errorType: ending.outcome === "success" ? undefined : ending.errorType,
      durationMs: atMs - this.startedAtMs,
      headersMs: this.#headersMs,
      backoffMs: this.#backoffMs,
      timeToFirstTokenMs: this.#firstContentMs,
      outputChunks: this.#gaps?.summary(received.reasoningStreamed === true),
      attempts: this.#attempts,
      httpStatus: this.#httpStatus,
      responseId: response.id,
      responseModel: response.model,
      finishReasons: response.finishReasons,
      openChoices: response.openChoices,
      toolCallsCount: response.toolCallsCount,
      serviceTier: response.serviceTier,
      systemFingerprint: response.systemFingerprint,
      usage: response.usage,
      cost: undefined,
      content: undefined,
    };
  }

  /** Since when nothing has been under way, if an attempt was made before. */
  get #idleSinceMs(): number | undefined {
    switch (this.#state.phase) {
      case "waiting":
        return this.#state.sinceMs;
      case "reading":
        return this.#activeAtMs;
      case "lapsed":
        return this.#state.end.atMs;
      case "sent":
      case "ended":
        return undefined;
    }
  }

  #settleAttempt(status: number): void {
    if (this.#state.phase !== "sent") return;
    const ok = isSuccess(status);
    this.#httpStatus = status;
    this.#headersMs = this.#ports.now() - this.#state.sentAtMs;
    this.#addAttempt(ok ? "ok" : String(status), this.#headersMs);
  }

  #addAttempt(result: string, durationMs: number): void {
    if (this.#attempts.length < MAX_ATTEMPTS) {
      this.#attempts.push(Object.freeze({ result, durationMs }));
    }
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
