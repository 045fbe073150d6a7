export type {
  ActivityCompleted,
  ActivityFailed,
  ActivityOutcome,
  AgentCompletedData,
  AgentData,
  AgentErrorData,
  AgentSwitchedData,
  AgentTally,
  RetrievalCompletedData,
  RetrievalData,
  RetrievalFailedData,
  ToolCompletedData,
  ToolData,
  ToolFailedData,
  ToolType,
  WorkflowCompletedData,
  WorkflowData,
  WorkflowFailedData,
} from "./activity-events.ts";
export type { Activity, ActivityEnding } from "./activity.ts";
export type {
  ApprovalData,
  ApprovalTimeoutData,
  Decision,
  DecisionData,
  ToolApprovalData,
} from "./approval-events.ts";
export type { CallContext } from "./call-context.ts";
export { contextFrom, idFrom, metadataFrom } from "./context-from.ts";
export type {
  ActivityContent,
  CallContent,
  ContentMessage,
  ContentPart,
  RetrievalContent,
  ToolContent,
  ToolDefinition,
} from "./content.ts";
export { createEvent, type Links } from "./create-event.ts";
export { fitText } from "./fit-text.ts";
export { freezeEvent } from "./freeze-event.ts";
export {
  categoryOf,
  type Event,
  type EventCategory,
  type EventData,
  type EventOf,
  type EventType,
  isEventType,
  type TerminalEvent,
} from "./event.ts";
export type {
  Attempt,
  LlmCallData,
  LlmCompletedData,
  LlmFailedData,
  LlmTerminalData,
  OperationName,
  OutputChunks,
  Outcome,
  RequestParameters,
} from "./llm-events.ts";
export type {
  ActivityAround,
  Around,
  Enclosure,
  EndedActivity,
  EventHandler,
  Publish,
  QueuedSink,
  QueueOptions,
  Sink,
  SinkHealth,
} from "./ports.ts";
export { EVENT_SCHEMA_VERSION, serializeEvent } from "./serialize-event.ts";
export type {
  MessageRole,
  SessionEndedData,
  SessionMessageAddedData,
  SessionStartedData,
  SessionUpdatedData,
} from "./session-events.ts";
export type {
  SystemAlertData,
  SystemErrorData,
  SystemStartedData,
  SystemStoppedData,
} from "./system-events.ts";
export type { Cost, PriceOverride, Usage } from "./usage.ts";
export { isReplayed, replayed } from "./replayed.ts";
export { eventIdParts, nextEventId } from "./event-id.ts";
