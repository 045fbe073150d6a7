import { errorName } from "../errors/index.ts";
import { randomUUID } from "node:crypto";
import {
  createEvent,
  type Around,
  type Cost,
  type Enclosure,
  type EventOf,
  type LlmCallData,
  type LlmCompletedData,
  type LlmFailedData,
  type LlmTerminalData,
  type Publish,
  type TerminalEvent,
  type Usage,
} from "../events/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { LlmResponse } from "../wire/index.ts";
import type { ActivityScope } from "./activity-scope.ts";
import { monotonicNow, type Now } from "./clock.ts";
import type { CapturedContent, ContentRecorder } from "./content/content-recorder.ts";
import { GuardedEnclosure } from "./guarded-enclosure.ts";
import { type Ending, Operation, type OperationEnd } from "./operation.ts";

/** Usage → cost; `undefined` is unknown. */
export type Price = (call: LlmTerminalData, usage: Usage, atMs: number) => Cost | undefined;

export interface CallTrackerOptions {
  readonly publish: Publish;
  readonly around: Around;
  readonly price: Price;
  readonly diagnostics: Diagnostics;
  readonly idleLimitMs: number;
  readonly now?: Now;
}

/** A failure that its sender may repeat by itself. */
export interface Lapse {
  readonly ending: Ending;
  readonly response?: LlmResponse | undefined;
  /** When it is certain that nobody tries again. */
  readonly limitMs: number;
}

/** Opens operations, prices and publishes their ends, and ends those whose answer nobody reads. */
export class CallTracker {
  readonly #options: CallTrackerOptions;
  readonly #now: Now;
  readonly #open = new Set<Operation>();
  #sweep: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: CallTrackerOptions) {
    this.#options = options;
    this.#now = options.now ?? monotonicNow;
  }

  /** Operations under way. */
  get openCount(): number {
    return this.#open.size;
  }

  /** After `shutdown()`, when nothing is to be opened any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /**
   * `activity`: the agent, tool or the like that the call is made in. `recorder` listens in on the call, where content is
   * captured. `startedAtMs`: when it began, if that is told late.
   */
  open(
    call: LlmCallData,
    activity?: ActivityScope,
    recorder?: ContentRecorder,
    startedAtMs = this.#now(),
  ): Operation {
    const correlationId = activity?.correlationId ?? randomUUID();
    const { around, diagnostics } = this.#options;
    const enclosure = new GuardedEnclosure(
      around.open(call, startedAtMs, correlationId, activity?.enclosure),
      diagnostics,
    );
    const started = createEvent("llm_request_started", call, startedAtMs, {
      correlationId,
      causationId: activity?.startedId,
      sessionId: call.context.sessionId,
      traceId: enclosure.traceId,
      spanId: enclosure.spanId,
    });
    const operation = new Operation(call, startedAtMs, {
      now: this.#now,
      enclosure,
      recorder,
      onEnd: (ended, data) => {
        this.#open.delete(ended);
        const event = this.#finish({ started, enclosure, recorder }, data);
        activity?.callEnded(event);
      },
    });
    this.#open.add(operation);
    this.#watch();
    this.#options.publish(started);
    return operation;
  }

  /** Ends `operation` with `ending` in `limitMs`, as of now, unless its sender tries again until then. */
  lapse(operation: Operation, { ending, response, limitMs }: Lapse): void {
    operation.lapse(ending, response);
    const { attemptNumber } = operation;
    const expire = (): void => {
      try {
        operation.expire(attemptNumber);
      } catch {
        // a publisher that throws: nobody but the timer would hear of it, and the process end
        this.#options.diagnostics.dropped("calls", "not_observed", 1);
      }
    };
    setTimeout(expire, limitMs).unref();
  }

  /** Ends operations whose answer has been left unread; called by the timer, and by tests. */
  sweepIdle(): void {
    for (const operation of this.#open) {
      if (operation.isIdle(this.#options.idleLimitMs)) {
        operation.abandon("idle");
      }
    }
    if (this.#open.size === 0) this.#unwatch();
  }

  /** No more operations: those still under way are ended as abandoned, so that none is lost. */
  shutdown(): number {
    this.#stopped = true;
    return this.endOpen();
  }

  /** Ends what is still under way when nothing can go on any more, and says how many that were. */
  endOpen(): number {
    this.#unwatch();
    const left = [...this.#open];
    for (const operation of left) operation.abandon("shutdown");
    return left.length;
  }

  #finish({ started, enclosure, recorder }: Opened, data: OperationEnd): TerminalEvent {
    const now = started.timestamp + data.durationMs;
    data.cost = this.#costOf(data, now);
    // redacted once, here, before anybody sees it
    const { forSpan, forEvent } = recorder?.finish(data.outcome) ?? NO_CONTENT;
    data.content = forEvent;
    const event = terminalEvent(started, data, now);
    enclosure.close(event, forSpan);
    this.#options.publish(event);
    return event;
  }

  #costOf(data: LlmTerminalData, now: number): Cost | undefined {
    if (data.usage === undefined) return undefined;
    try {
      return this.#options.price(data, data.usage, now);
    } catch (error) {
      this.#options.diagnostics.warnOnce(
        "pricing",
        "threw",
        `a price look-up failed (${errorName(error)})`,
      );
      return undefined;
    }
  }

  /** One timer for all, and only while there is something to watch; it does not keep the process alive. */
  #watch(): void {
    if (this.#sweep !== undefined) return;
    const intervalMs = Math.max(1000, this.#options.idleLimitMs / 4);
    this.#sweep = setInterval(() => this.sweepIdle(), intervalMs).unref();
  }

  #unwatch(): void {
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}

/** What belongs to one operation from its start on. */
interface Opened {
  readonly started: EventOf<"llm_request_started">;
  readonly enclosure: Enclosure;
  readonly recorder: ContentRecorder | undefined;
}

const NO_CONTENT: CapturedContent = {};

function terminalEvent(
  started: EventOf<"llm_request_started">,
  data: OperationEnd,
  now: number,
): TerminalEvent {
  const { id: causationId, sessionId, correlationId, traceId, spanId } = started;
  const links = { causationId, sessionId, correlationId, traceId, spanId };
  // what the operation handed over is nobody else's: it becomes the data of its last event
  return data.outcome === "success"
    ? createEvent("llm_request_completed", data as LlmCompletedData, now, links)
    : createEvent("llm_request_failed", data as LlmFailedData, now, links);
}
