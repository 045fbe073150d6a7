export type { CallContext } from "./call-context.ts";
export { createEvent } from "./create-event.ts";
export {
  categoryOf,
  type Event,
  type EventCategory,
  type EventData,
  type EventOf,
  type EventType,
  type TerminalEvent,
} from "./event.ts";
export type {
  Attempt,
  LlmCallData,
  LlmCompletedData,
  LlmFailedData,
  LlmTerminalData,
  OperationName,
  Outcome,
  RequestParameters,
} from "./llm-events.ts";
export type { Around, Enclosure, EventHandler, Publish, Sink, SinkHealth } from "./ports.ts";
export type { SessionEndedData, SessionStartedData } from "./session-events.ts";
export type { SystemErrorData, SystemStartedData, SystemStoppedData } from "./system-events.ts";
export type { Cost, PriceOverride, Usage } from "./usage.ts";
