import type {
  ActivityOutcome,
  AgentData,
  RetrievalData,
  ToolData,
  WorkflowData,
} from "./activity-events.ts";
import type { ApprovalData } from "./approval-events.ts";
import type { CallContext } from "./call-context.ts";
import type { SystemAlertData } from "./system-events.ts";

/** What an application does around its LLM calls. `description` is for spans alone. */
export type Activity =
  | { readonly kind: "agent"; readonly data: AgentData; readonly description?: string }
  | { readonly kind: "tool"; readonly data: ToolData; readonly description?: string }
  | { readonly kind: "retrieval"; readonly data: RetrievalData }
  | { readonly kind: "workflow"; readonly data: WorkflowData }
  | { readonly kind: "approval"; readonly data: ApprovalData }
  | { readonly kind: "alert"; readonly data: SystemAlertData & { readonly context: CallContext } };

/** How an activity ended, as told by who saw it. */
export type ActivityEnding =
  | { readonly outcome: "success"; readonly decision?: string }
  | { readonly outcome: Exclude<ActivityOutcome, "success">; readonly errorType: string };
