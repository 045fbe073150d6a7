import type {
  AgentData,
  AgentTally,
  ActivityCompleted,
  ActivityFailed,
  RetrievalData,
  ToolData,
  WorkflowData,
} from "./activity-events.ts";
import type { EventData } from "./event.ts";
import { CONTEXT_DOC, type EventDoc, field, type FieldDocs, optional } from "./field-docs.ts";

const agentDocs: FieldDocs<AgentData> = {
  agent: field("string", "Name of the agent."),
  agentId: optional("string", "Id of the agent."),
  agentVersion: optional("string", "Version of the agent."),
  provider: optional("string", "GenAI provider name, where the agent keeps to one."),
  model: optional("string", "Model, where the agent keeps to one."),
  conversationId: optional("string", "Conversation that it works in."),
  context: CONTEXT_DOC,
};

const tallyDocs: FieldDocs<AgentTally> = {
  llmCalls: field("number", "LLM operations that ended inside of it, its tools included."),
  toolCalls: field("number", "Tool executions that began inside of it."),
};

const toolDocs: FieldDocs<ToolData> = {
  tool: field("string", "Name of the tool."),
  toolCallId: optional("string", "The model's id of the call."),
  toolType: optional("string", "`function`, `extension` or `datastore`."),
  agent: optional("string", "Agent that it works for."),
  context: CONTEXT_DOC,
};

const retrievalDocs: FieldDocs<RetrievalData> = {
  dataSource: field("string", "Id of the data source."),
  provider: optional("string", "GenAI provider name of the search."),
  model: optional("string", "Model of the search."),
  topK: optional("number", "Documents asked for."),
  agent: optional("string", "Agent that it works for."),
  context: CONTEXT_DOC,
};

const workflowDocs: FieldDocs<WorkflowData> = {
  workflow: field("string", "Name of the workflow."),
  context: CONTEXT_DOC,
};

const completedDocs: FieldDocs<ActivityCompleted> = {
  outcome: field("string", "`success`."),
  durationMs: field("number", "From the start to the end, that of a returned stream included."),
};

const failedDocs: FieldDocs<ActivityFailed> = {
  outcome: field("string", "`error`, `aborted` or `abandoned`."),
  errorType: field("string", "A code, an HTTP status or an error name; no message."),
  durationMs: completedDocs.durationMs,
};

const CONTENT_DOC = "Redacted; only where [content is captured](content.md) in full.";
const toolSaidDocs = { content: optional("ToolContent", CONTENT_DOC) };
const retrievalSaidDocs = { content: optional("RetrievalContent", CONTENT_DOC) };

type Described = Extract<
  keyof EventData,
  `agent_${string}` | `workflow_${string}` | `tool_execution_${string}` | `retrieval_${string}`
>;

/** What the events page says of agents, workflows, tools and retrievals. */
export const activityEventDocs: { readonly [T in Described]: EventDoc<EventData[T]> } = {
  agent_switched: {
    published:
      "when an agent is entered inside another one of the same session, or by `switchAgent()`.",
    data: {
      from: field("string", "Agent that hands over."),
      to: field("string", "Agent that goes on."),
      context: CONTEXT_DOC,
    },
  },
  agent_processing_started: { published: "when an agent begins.", data: agentDocs },
  agent_processing_completed: {
    published: "when an agent has returned, and the stream that it returned was read to its end.",
    data: { ...agentDocs, ...tallyDocs, ...completedDocs },
  },
  agent_error: {
    published: "when an agent ended in any other way.",
    data: { ...agentDocs, ...tallyDocs, ...failedDocs },
  },
  workflow_started: { published: "when a workflow begins.", data: workflowDocs },
  workflow_completed: {
    published: "when a workflow has returned, and its stream was read to its end.",
    data: { ...workflowDocs, ...completedDocs },
  },
  workflow_failed: {
    published: "when a workflow ended in any other way.",
    data: { ...workflowDocs, ...failedDocs },
  },
  tool_execution_requested: {
    published: "when a tool is asked for; its cause is the answer that asked, where there is one.",
    data: toolDocs,
  },
  tool_execution_started: { published: "when a tool begins.", data: toolDocs },
  tool_execution_completed: {
    published: "when a tool has returned, and its stream was read to its end.",
    data: { ...toolDocs, ...completedDocs, ...toolSaidDocs },
  },
  tool_execution_failed: {
    published: "when a tool ended in any other way.",
    data: { ...toolDocs, ...failedDocs, ...toolSaidDocs },
  },
  retrieval_started: { published: "when a retrieval begins.", data: retrievalDocs },
  retrieval_completed: {
    published: "when a retrieval has returned, and its stream was read to its end.",
    data: { ...retrievalDocs, ...completedDocs, ...retrievalSaidDocs },
  },
  retrieval_failed: {
    published: "when a retrieval ended in any other way.",
    data: { ...retrievalDocs, ...failedDocs, ...retrievalSaidDocs },
  },
};
