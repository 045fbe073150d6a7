import type { CallContext } from "./call-context.ts";
import type { RetrievalContent, ToolContent } from "./content.ts";

/** How an agent, a tool, a retrieval or a workflow ended; each ends exactly once. */
export type ActivityOutcome =
  /** Its function returned, and the stream that it returned, if any, was read to its end. */
  | "success"
  /** Its function threw or rejected, or its stream failed. */
  | "error"
  /** Stopped by a signal or a time-out. */
  | "aborted"
  /** Its stream was left early or never read, or the process ended before it. */
  | "abandoned";

/** GenAI conventions `gen_ai.tool.type`. */
export type ToolType = "function" | "extension" | "datastore";

/** What an application says of an agent that it runs. */
export interface AgentData {
  /** GenAI conventions `gen_ai.agent.name`. */
  readonly agent: string;
  readonly agentId?: string;
  readonly agentVersion?: string;
  /** GenAI provider name, where the agent keeps to one. */
  readonly provider?: string;
  /** Model, where the agent keeps to one. */
  readonly model?: string;
  readonly conversationId?: string;
  readonly context: CallContext;
}

/** What an application says of a tool that it executes; arguments and result are content, told at its end. */
export interface ToolData {
  /** GenAI conventions `gen_ai.tool.name`. */
  readonly tool: string;
  /** The model's id of the call. */
  readonly toolCallId?: string;
  readonly toolType?: ToolType;
  /** The agent that it works for. */
  readonly agent?: string;
  readonly context: CallContext;
}

/** What an application says of a search in its data; the query is content, told at its end, documents stay out. */
export interface RetrievalData {
  /** GenAI conventions `gen_ai.data_source.id`. */
  readonly dataSource: string;
  readonly provider?: string;
  readonly model?: string;
  /** Documents asked for. */
  readonly topK?: number;
  /** The agent that it works for. */
  readonly agent?: string;
  readonly context: CallContext;
}

/** What an application says of a workflow that it runs. */
export interface WorkflowData {
  /** GenAI conventions `gen_ai.workflow.name`. */
  readonly workflow: string;
  readonly context: CallContext;
}

/** How an activity that did what it should has ended. */
export interface ActivityCompleted {
  readonly outcome: "success";
  /** From the start to the end; the end of its stream, if it returned one. */
  readonly durationMs: number;
}

/** How an activity has ended that did not do what it should. */
export interface ActivityFailed {
  readonly outcome: Exclude<ActivityOutcome, "success">;
  /** Low-cardinality: a code, an HTTP status or an error name; never a message. */
  readonly errorType: string;
  readonly durationMs: number;
}

/** What an agent has done, inside of its tools too. */
export interface AgentTally {
  /** LLM operations that ended. */
  readonly llmCalls: number;
  /** Tool executions that began. */
  readonly toolCalls: number;
}

export interface AgentSwitchedData {
  readonly from: string;
  readonly to: string;
  readonly context: CallContext;
}

export interface AgentCompletedData extends AgentData, AgentTally, ActivityCompleted {}
export interface AgentErrorData extends AgentData, AgentTally, ActivityFailed {}
export interface ToolCompletedData extends ToolData, ActivityCompleted {
  /** Only where content is captured for events. */
  readonly content?: ToolContent;
}
export interface ToolFailedData extends ToolData, ActivityFailed {
  /** Only where content is captured for events. */
  readonly content?: ToolContent;
}
export interface RetrievalCompletedData extends RetrievalData, ActivityCompleted {
  /** Only where content is captured for events. */
  readonly content?: RetrievalContent;
}
export interface RetrievalFailedData extends RetrievalData, ActivityFailed {
  /** Only where content is captured for events. */
  readonly content?: RetrievalContent;
}
export interface WorkflowCompletedData extends WorkflowData, ActivityCompleted {}
export interface WorkflowFailedData extends WorkflowData, ActivityFailed {}
