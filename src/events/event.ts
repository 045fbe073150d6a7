import type { LlmCallData, LlmCompletedData, LlmFailedData } from "./llm-events.ts";
import type { SessionEndedData, SessionStartedData } from "./session-events.ts";
import type { SystemErrorData, SystemStartedData, SystemStoppedData } from "./system-events.ts";

/** Every event type with its data. */
export interface EventData {
  llm_request_started: LlmCallData;
  llm_request_completed: LlmCompletedData;
  llm_request_failed: LlmFailedData;
  session_started: SessionStartedData;
  session_ended: SessionEndedData;
  system_started: SystemStartedData;
  system_stopped: SystemStoppedData;
  system_error: SystemErrorData;
}

export type EventType = keyof EventData;
export type EventCategory = "llm" | "session" | "system";

export const categoryOf = {
  llm_request_started: "llm",
  llm_request_completed: "llm",
  llm_request_failed: "llm",
  session_started: "session",
  session_ended: "session",
  system_started: "system",
  system_stopped: "system",
  system_error: "system",
} as const satisfies Record<EventType, EventCategory>;

/** One thing that happened. Immutable; the same object goes to every subscriber. */
export interface EventOf<T extends EventType> {
  readonly id: string;
  readonly type: T;
  readonly category: (typeof categoryOf)[T];
  /** Unix epoch in milliseconds. */
  readonly timestamp: number;
  readonly sessionId?: string;
  /** The same for all events of one operation. */
  readonly correlationId?: string;
  /** Id of the event that led to this one. */
  readonly causationId?: string;
  /** W3C trace id, 32 hex digits; missing when nothing is traced. */
  readonly traceId?: string;
  /** W3C span id, 16 hex digits. */
  readonly spanId?: string;
  readonly data: EventData[T];
}

/** The union of all events, discriminated by `type`. */
export type Event = { [T in EventType]: EventOf<T> }[EventType];

/** The event that ends an operation. */
export type TerminalEvent = EventOf<"llm_request_completed"> | EventOf<"llm_request_failed">;
