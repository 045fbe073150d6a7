import type { ApprovalData } from "./approval-events.ts";
import type { EventData } from "./event.ts";
import { CONTEXT_DOC, type EventDoc, field, type FieldDocs, optional } from "./field-docs.ts";

const approvalDocs: FieldDocs<ApprovalData> = {
  approvalId: field("string", "Id of the request."),
  action: field("string", "What is to be approved."),
  tool: optional("string", "Tool that waits for it."),
  toolCallId: optional("string", "The model's id of the call of that tool."),
  agent: optional("string", "Agent that asks."),
  context: CONTEXT_DOC,
};

const waitedMs = field("number", "From the request to its end.");

type Described = Extract<keyof EventData, `hitl_${string}` | "tool_approval_required">;

/** What the events page says of decisions that people make. */
export const approvalEventDocs: { readonly [T in Described]: EventDoc<EventData[T]> } = {
  tool_approval_required: {
    published: "when approval is requested for a tool.",
    data: { ...approvalDocs, tool: field("string", "Tool that waits for it.") },
  },
  hitl_approval_requested: {
    published: "when a person is asked to decide.",
    data: approvalDocs,
  },
  hitl_decision_made: {
    published: "when a person has decided.",
    data: {
      ...approvalDocs,
      decision: field("string", "`APPROVE`, `REJECT` or a word of the application's own."),
      actor: optional("string", "Who decided."),
      waitedMs,
    },
  },
  hitl_timeout: {
    published: "when a request ended without a decision.",
    data: {
      ...approvalDocs,
      waitedMs,
      reason: field("string", "`timeout`, `evicted` or `shutdown`."),
    },
  },
};
