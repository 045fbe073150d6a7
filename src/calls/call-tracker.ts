import { errorName } from "../errors/index.ts";
import { randomUUID } from "node:crypto";
import {
  createEvent,
  type Around,
  type Cost,
  type Enclosure,
  type EventOf,
  type LlmCallData,
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
import { guardEnclosure } from "./guarded-enclosure.ts";
import { Operation, type Ending } from "./operation.ts";

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
   * captured.
   */
  open(call: LlmCallData, activity?: ActivityScope, recorder?: ContentRecorder): Operation {
    const startedAtMs = this.#now();
    const correlationId = activity?.correlationId ?? randomUUID();
    const { around, diagnostics } = this.#options;
    const enclosure = guardEnclosure(
      around.open(call, startedAtMs, correlationId, activity?.enclosure),
      diagnostics,
    );
    const started = createEvent("llm_request_started", call, startedAtMs, {
      correlationId,
      ...(activity && { causationId: activity.startedId }),
      ...linksOf(call, enclosure),
    });
    const operation = new Operation(call, startedAtMs, {
      now: this.#now,
      enclosure,
      recorder,
      onEnd: (ended, ending, data) => {
        this.#open.delete(ended);
        const event = this.#finish({ started, enclosure, recorder }, ending, data);
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
    setTimeout(() => operation.expire(attemptNumber), limitMs).unref();
  }

  /** Ends operations whose answer has been left unread; called by the timer, and by tests. */
  sweepIdle(): void {
    for (const operation of this.#open) {
      if (operation.isIdle(this.#options.idleLimitMs)) {
        operation.end({ outcome: "abandoned", errorType: "idle" });
      }
    }
    if (this.#open.size === 0) this.#unwatch();
  }

  /** No more operations: those still under way are ended as abandoned, so that none is lost. */
  shutdown(): number {
    this.#stopped = true;
    this.#unwatch();
    const left = [...this.#open];
    for (const operation of left) operation.end({ outcome: "abandoned", errorType: "shutdown" });
    return left.length;
  }

  #finish(
    { started, enclosure, recorder }: Opened,
    ending: Ending,
    data: LlmTerminalData,
  ): TerminalEvent {
    const now = started.timestamp + data.durationMs;
    const priced = this.#priced(data, now);
    // redacted once, here, before anybody sees it
    const { forSpan, forEvent } = recorder?.finish(ending.outcome) ?? NO_CONTENT;
    const told = forEvent === undefined ? priced : { ...priced, content: forEvent };
    const event = terminalEvent(started, ending, told, now);
    enclosure.close(event, forSpan);
    this.#options.publish(event);
    return event;
  }

  #priced(data: LlmTerminalData, now: number): LlmTerminalData {
    if (data.usage === undefined) return data;
    try {
      const cost = this.#options.price(data, data.usage, now);
      return cost === undefined ? data : { ...data, cost };
    } catch (error) {
      this.#options.diagnostics.warnOnce(
        "pricing",
        "threw",
        `a price look-up failed (${errorName(error)})`,
      );
      return data;
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

function linksOf(call: LlmCallData, enclosure: Enclosure) {
  const { sessionId } = call.context;
  const { traceId, spanId } = enclosure;
  return {
    ...(sessionId !== undefined && { sessionId }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
  };
}

function terminalEvent(
  started: EventOf<"llm_request_started">,
  ending: Ending,
  data: LlmTerminalData,
  now: number,
): TerminalEvent {
  const { id: causationId, sessionId, correlationId, traceId, spanId } = started;
  const links = {
    causationId,
    ...(sessionId !== undefined && { sessionId }),
    ...(correlationId !== undefined && { correlationId }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
  };
  return ending.outcome === "success"
    ? createEvent("llm_request_completed", { ...data, outcome: ending.outcome }, now, links)
    : createEvent(
        "llm_request_failed",
        { ...data, outcome: ending.outcome, errorType: ending.errorType },
        now,
        links,
      );
}
