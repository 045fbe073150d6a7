import type { ActivityOutcome, Event, EventOf, EventType } from "../../events/index.ts";
import type { ProductFamilies } from "./product-families.ts";

/** What agents, tools and people tell; all of it goes to {@link countActivity}. */
export const ACTIVITY_EVENTS = [
  "agent_switched",
  "agent_processing_started",
  "agent_processing_completed",
  "agent_error",
  "tool_execution_requested",
  "tool_approval_required",
  "tool_execution_started",
  "tool_execution_completed",
  "tool_execution_failed",
  "hitl_approval_requested",
  "hitl_decision_made",
  "hitl_timeout",
  "system_alert",
] as const satisfies readonly EventType[];

const OUTCOMES: readonly ActivityOutcome[] = ["success", "error", "aborted", "abandoned"];

/** Counts an event of an agent, a tool or a person, or an alert; others change nothing. */
export function countActivity(event: Event, families: ProductFamilies): void {
  switch (event.type) {
    case "agent_switched":
      return families.agentSwitches.cell(event.data.from, event.data.to).add(1);
    case "agent_processing_started":
      return agentStarted(event.data.agent, families);
    case "agent_processing_completed":
    case "agent_error":
      return agentEnded(event, families);
    case "tool_execution_requested":
      return families.toolRequests.cell(event.data.tool).add(1);
    case "tool_approval_required":
      return families.toolApprovals.cell(event.data.tool).add(1);
    case "tool_execution_started":
      return toolStarted(event.data.tool, families);
    case "tool_execution_completed":
    case "tool_execution_failed":
      return toolEnded(event, families);
    case "hitl_approval_requested":
      families.hitlRequests.cell(event.data.action).add(1);
      families.hitlPending.cell().value += 1;
      // a counter that is scraped at 0 first shows its first growth
      families.hitlTimeouts.cell(event.data.action);
      return;
    case "hitl_decision_made":
      return decided(event, families);
    case "hitl_timeout":
      families.hitlPending.cell().value -= 1;
      return families.hitlTimeouts.cell(event.data.action).add(1);
    case "system_alert":
      return families.alertEvents.cell(event.data.name, event.data.severity).add(1);
    default:
      return undefined;
  }
}

function agentStarted(agent: string, families: ProductFamilies): void {
  families.agentActive.cell(agent).value += 1;
  for (const outcome of OUTCOMES) families.agentRuns.cell(agent, outcome);
}

function agentEnded(
  event: EventOf<"agent_processing_completed"> | EventOf<"agent_error">,
  families: ProductFamilies,
): void {
  const { agent, outcome, durationMs } = event.data;
  families.agentActive.cell(agent).value -= 1;
  families.agentRuns.cell(agent, outcome).add(1);
  families.agentDuration.cell(agent).observe(durationMs / 1000, event);
  if (event.type === "agent_error" && outcome === "error") {
    families.agentErrors.cell(agent, event.data.errorType).add(1);
  }
}

function toolStarted(tool: string, families: ProductFamilies): void {
  families.toolActive.cell(tool).value += 1;
  for (const outcome of OUTCOMES) families.toolExecutions.cell(tool, outcome);
}

function toolEnded(
  event: EventOf<"tool_execution_completed"> | EventOf<"tool_execution_failed">,
  families: ProductFamilies,
): void {
  const { tool, outcome, durationMs } = event.data;
  families.toolActive.cell(tool).value -= 1;
  families.toolExecutions.cell(tool, outcome).add(1);
  families.toolDuration.cell(tool).observe(durationMs / 1000, event);
  if (event.type === "tool_execution_failed" && outcome === "error") {
    families.toolErrors.cell(tool, event.data.errorType).add(1);
  }
}

function decided(event: EventOf<"hitl_decision_made">, families: ProductFamilies): void {
  const { action, decision, waitedMs } = event.data;
  families.hitlPending.cell().value -= 1;
  families.hitlDecisions.cell(action, decision).add(1);
  families.hitlWait.cell(action).observe(waitedMs / 1000, event);
}
