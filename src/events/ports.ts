import type { Activity, ActivityEnding } from "./activity.ts";
import type { ActivityContent, CallContent } from "./content.ts";
import type { LlmCallData } from "./llm-events.ts";
import type { Event, EventCategory, EventType, TerminalEvent } from "./event.ts";

/** Puts an event on the bus. Never throws. */
export type Publish = (event: Event) => void;

/** Reads events. What it throws is counted and reported, and reaches nobody else. */
export type EventHandler = (event: Event) => void;

/** The events of one handler that wait while it is busy; it gets them one at a time, in order. */
export interface QueueOptions {
  /** Events that wait at the most. Default 2048. */
  readonly maxSize?: number | undefined;
  /** What is dropped, and counted, when one more comes. Default `drop-newest`: what has been accepted is handled. */
  readonly overflow?: "drop-newest" | "drop-oldest" | undefined;
}

/** A reader of events with a life of its own. */
export interface Sink {
  /** Names the sink in counters, in health and in messages. */
  readonly name: string;
  /** Higher goes first: context 15, audit 10, metrics 5, the rest 0. */
  readonly priority?: number | undefined;
  /** The types it wants, together with `categories`; default all. */
  readonly types?: readonly EventType[] | undefined;
  readonly categories?: readonly EventCategory[] | undefined;
  /** Also events of other instances; default those of this process alone. */
  readonly remote?: boolean | undefined;
  readonly queue?: QueueOptions | undefined;
  handle(event: Event): void;
  /** What `/healthz` says of this sink. */
  health?(): SinkHealth;
  forceFlush?(): Promise<void>;
  shutdown?(): Promise<void>;
}

/**
 * A sink whose `handle` takes its time: it gets its events off the publisher's stack and one at a time, and all that it
 * was given before `forceFlush()` and `shutdown()`.
 */
export interface QueuedSink extends Omit<Sink, "handle"> {
  readonly queue: QueueOptions;
  handle(event: Event): Promise<void>;
}

/** `ok` works · `disabled` not configured · `unknown` nothing sent yet · `failing` the last try failed. */
export interface SinkHealth {
  readonly state: "ok" | "disabled" | "unknown" | "failing";
  /** What failed and what to do; never a secret. */
  readonly lastError?: string;
  /** What it says of itself beside: figures, names; never a secret. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/** The only inward port: encloses a call, so that what runs in it sees its span as the parent. */
export interface Around {
  /** `parent` encloses the activity that the call is made in. */
  open(call: LlmCallData, startTimeMs: number, correlationId: string, parent?: object): Enclosure;
}

/** The same for agents, tools, retrievals, workflows and approvals. */
export interface ActivityAround {
  open(
    activity: Activity,
    startTimeMs: number,
    correlationId: string,
    parent?: object,
  ): Enclosure<EndedActivity>;
}

/** What an enclosure is closed with; an event of an LLM operation, or the like of an activity. */
export interface EndedActivity {
  readonly ending: ActivityEnding;
  readonly durationMs: number;
  /** What the span shows of what was given and given back; missing unless content is captured for spans. */
  readonly content?: ActivityContent | undefined;
}

export interface Enclosure<End = TerminalEvent> {
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
  run<T>(fn: () => T): T;
  /** `content` is what the span shows of what was said; missing unless content is captured for spans. */
  close(end: End, content?: CallContent): void;
}
