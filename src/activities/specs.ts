import type { ToolType } from "../events/index.ts";

/** An agent, by the words of the GenAI conventions. Descriptions are on spans alone. */
export interface AgentSpec {
  /** Low-cardinality: it is a metric label. */
  readonly name: string;
  readonly id?: string;
  readonly description?: string;
  readonly version?: string;
  /** GenAI provider name, if the agent keeps to one. */
  readonly provider?: string;
  /** Model, if the agent keeps to one. */
  readonly model?: string;
  /** Default: the session. */
  readonly conversationId?: string;
}

/** A tool and its call, by the words of the GenAI conventions. */
export interface ToolSpec {
  /** Low-cardinality: it is a metric label. */
  readonly name: string;
  /** The model's id of the call: `tool_calls[].id`, `tool_use.id`. */
  readonly callId?: string;
  readonly description?: string;
  readonly type?: ToolType;
  /** What the model gave it: a value, or its JSON. Recorded only where content is captured in full, redacted. */
  readonly arguments?: unknown;
}

/** A search in data of one's own. */
export interface RetrievalSpec {
  /** Low-cardinality, e.g. the name of a vector index. */
  readonly dataSourceId: string;
  /** GenAI provider name of the search, if it has one. */
  readonly provider?: string;
  /** Model that the search uses, e.g. for embeddings. */
  readonly model?: string;
  /** Documents asked for. */
  readonly topK?: number;
  /** What is searched for. Recorded only where content is captured in full, redacted. */
  readonly query?: string;
}

/** Something that a person is asked to decide. */
export interface ApprovalSpec {
  /** What is to be approved. Low-cardinality: it is a metric label. */
  readonly action: string;
  /** The application's own id of the request; default a UUID. */
  readonly id?: string;
  /** The tool that waits for it. */
  readonly tool?: string;
  /** The model's id of the call of that tool. */
  readonly toolCallId?: string;
  /** Milliseconds after which it has timed out without a decision; default: when `timeout()` is called. */
  readonly timeoutMs?: number;
}
