import type {
  AgentCompletedData,
  AgentData,
  AgentErrorData,
  AgentSwitchedData,
  RetrievalCompletedData,
  RetrievalData,
  RetrievalFailedData,
  ToolCompletedData,
  ToolData,
  ToolFailedData,
  WorkflowCompletedData,
  WorkflowData,
  WorkflowFailedData,
} from "./activity-events.ts";
import type {
  ApprovalData,
  ApprovalTimeoutData,
  DecisionData,
  ToolApprovalData,
} from "./approval-events.ts";
import type { LlmCallData, LlmCompletedData, LlmFailedData } from "./llm-events.ts";
import type {
  SessionEndedData,
  SessionMessageAddedData,
  SessionStartedData,
  SessionUpdatedData,
} from "./session-events.ts";
import type {
  SystemAlertData,
  SystemErrorData,
  SystemStartedData,
  SystemStoppedData,
} from "./system-events.ts";

/** Every event type with its data. */
export interface EventData {
  llm_request_started: LlmCallData;
  llm_request_completed: LlmCompletedData;
  llm_request_failed: LlmFailedData;
  agent_switched: AgentSwitchedData;
  agent_processing_started: AgentData;
  agent_processing_completed: AgentCompletedData;
  agent_error: AgentErrorData;
  workflow_started: WorkflowData;
  workflow_completed: WorkflowCompletedData;
  workflow_failed: WorkflowFailedData;
  tool_execution_requested: ToolData;
  tool_approval_required: ToolApprovalData;
  tool_execution_started: ToolData;
  tool_execution_completed: ToolCompletedData;
  tool_execution_failed: ToolFailedData;
  retrieval_started: RetrievalData;
  retrieval_completed: RetrievalCompletedData;
  retrieval_failed: RetrievalFailedData;
  hitl_approval_requested: ApprovalData;
  hitl_decision_made: DecisionData;
  hitl_timeout: ApprovalTimeoutData;
  session_started: SessionStartedData;
  session_updated: SessionUpdatedData;
  session_message_added: SessionMessageAddedData;
  session_ended: SessionEndedData;
  system_started: SystemStartedData;
  system_stopped: SystemStoppedData;
  system_error: SystemErrorData;
  system_alert: SystemAlertData;
}

export type EventType = keyof EventData;
export type EventCategory = "llm" | "agent" | "tool" | "hitl" | "session" | "system";

export const categoryOf = {
  llm_request_started: "llm",
  llm_request_completed: "llm",
  llm_request_failed: "llm",
  agent_switched: "agent",
  agent_processing_started: "agent",
  agent_processing_completed: "agent",
  agent_error: "agent",
  workflow_started: "agent",
  workflow_completed: "agent",
  workflow_failed: "agent",
  tool_execution_requested: "tool",
  tool_approval_required: "tool",
  tool_execution_started: "tool",
  tool_execution_completed: "tool",
  tool_execution_failed: "tool",
  retrieval_started: "tool",
  retrieval_completed: "tool",
  retrieval_failed: "tool",
  hitl_approval_requested: "hitl",
  hitl_decision_made: "hitl",
  hitl_timeout: "hitl",
  session_started: "session",
  session_updated: "session",
  session_message_added: "session",
  session_ended: "session",
  system_started: "system",
  system_stopped: "system",
  system_error: "system",
  system_alert: "system",
} as const satisfies Record<EventType, EventCategory>;

export function isEventType(type: unknown): type is EventType {
  return typeof type === "string" && Object.hasOwn(categoryOf, type);
}

/** One thing that happened. Immutable; the same object goes to every subscriber. */
export interface EventOf<T extends EventType> {
  readonly id: string;
  readonly type: T;
  readonly category: (typeof categoryOf)[T];
  /** Unix epoch in milliseconds. */
  readonly timestamp: number;
  readonly sessionId?: string;
  /** The same for all events of one operation; inside an agent, tool or workflow, that of the outermost one. */
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
