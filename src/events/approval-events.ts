import type { CallContext } from "./call-context.ts";

/** Something that a person is asked to decide; what it is about stays out. */
export interface ApprovalData {
  readonly approvalId: string;
  /** What is to be approved, low-cardinality: `refund`, `send_mail`. */
  readonly action: string;
  /** The tool that waits for it. */
  readonly tool?: string;
  /** The model's id of the call of that tool. */
  readonly toolCallId?: string;
  /** The agent that asks. */
  readonly agent?: string;
  readonly context: CallContext;
}

export interface ToolApprovalData extends ApprovalData {
  readonly tool: string;
}

/** `APPROVE` and `REJECT`, or a word of the application's own. */
// the second part keeps the two in what an editor proposes
export type Decision = "APPROVE" | "REJECT" | (string & {});

export interface DecisionData extends ApprovalData {
  readonly decision: Decision;
  /** Who decided; in events only. */
  readonly actor?: string;
  readonly waitedMs: number;
}

export interface ApprovalTimeoutData extends ApprovalData {
  readonly waitedMs: number;
  /** `timeout`: nobody decided in time; `evicted`: too many were pending; `shutdown`: observation ended. */
  readonly reason: "timeout" | "evicted" | "shutdown";
}
