import type { Event, EventType } from "../../events/index.ts";
import type { EventCounts } from "./event-counts.ts";

/** What is counted; all of it goes to {@link countEvent}. */
export const COUNTED_EVENTS = [
  "agent_switched",
  "agent_processing_started",
  "agent_processing_completed",
  "agent_error",
  "workflow_failed",
  "tool_execution_requested",
  "tool_approval_required",
  "tool_execution_started",
  "tool_execution_completed",
  "tool_execution_failed",
  "retrieval_failed",
  "hitl_approval_requested",
  "hitl_decision_made",
  "hitl_timeout",
  "llm_request_failed",
  "system_error",
] as const satisfies readonly EventType[];

/** Counts an event; others change nothing. */
export function countEvent(event: Event, counts: EventCounts): void {
  switch (event.category) {
    case "agent":
      return countAgent(event, counts);
    case "tool":
      return countTool(event, counts);
    case "hitl":
      return countHitl(event, counts);
    default:
      if (event.type === "llm_request_failed") counts.failed(event.type, event.data.outcome);
      if (event.type === "system_error") counts.failed(event.type);
  }
}

function countAgent(event: Extract<Event, { category: "agent" }>, counts: EventCounts): void {
  switch (event.type) {
    case "agent_switched":
      return counts.agentSwitched(event);
    case "agent_processing_started":
      return counts.agentStarted(event);
    case "agent_processing_completed":
    case "agent_error":
      return counts.agentEnded(event);
    case "workflow_failed":
      return counts.failed(event.type, event.data.outcome);
    default:
      return undefined;
  }
}

function countTool(event: Extract<Event, { category: "tool" }>, counts: EventCounts): void {
  switch (event.type) {
    case "tool_execution_requested":
      return counts.toolRequested(event);
    case "tool_approval_required":
      return counts.toolNeedsApproval(event);
    case "tool_execution_started":
      return counts.toolStarted(event);
    case "tool_execution_completed":
    case "tool_execution_failed":
      return counts.toolEnded(event);
    case "retrieval_failed":
      return counts.failed(event.type, event.data.outcome);
    default:
      return undefined;
  }
}

function countHitl(event: Extract<Event, { category: "hitl" }>, counts: EventCounts): void {
  switch (event.type) {
    case "hitl_approval_requested":
      return counts.approvalRequested();
    case "hitl_decision_made":
      return counts.decided(event);
    case "hitl_timeout":
      return counts.approvalTimedOut();
    default:
      return undefined;
  }
}
