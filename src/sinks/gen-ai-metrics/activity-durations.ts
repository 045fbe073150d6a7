import type { Attributes, Histogram } from "@opentelemetry/api";
import type { Event, EventData, EventType } from "../../events/index.ts";
import { LabelLimiter } from "../../redaction/index.ts";
import { attribute, genAiActivityMetrics } from "../../semconv/index.ts";
import { createHistogram, type InstrumentMaker } from "./instruments.ts";

/** The ends of agents, tools, workflows and retrievals. */
export const ACTIVITY_ENDS = [
  "agent_processing_completed",
  "agent_error",
  "tool_execution_completed",
  "tool_execution_failed",
  "workflow_completed",
  "workflow_failed",
  "retrieval_completed",
  "retrieval_failed",
] as const satisfies readonly EventType[];

/** What the application, or an error, names freely. */
const FREE_ATTRIBUTES = [
  attribute.agentName,
  attribute.toolName,
  attribute.toolType,
  attribute.workflowName,
  attribute.providerName,
  attribute.requestModel,
  attribute.errorType,
] as const;

type Free = Partial<Record<(typeof FREE_ATTRIBUTES)[number], string | undefined>>;
type Ended = EventData[(typeof ACTIVITY_ENDS)[number]];

export interface ActivityDurations {
  /** Counts the values that became `other`. */
  readonly limiter: LabelLimiter;
  /** Records the end of an activity; other events change nothing. */
  record(event: Event): void;
}

/** How long agents, tools and workflows took; a retrieval is a client operation like others. */
export function createActivityDurations(
  meter: InstrumentMaker,
  maxLabelValues: number,
  operationDuration: Histogram,
): ActivityDurations {
  const limiter = new LabelLimiter(FREE_ATTRIBUTES, maxLabelValues);
  const agents = createHistogram(meter, genAiActivityMetrics.invokeAgentDuration);
  const tools = createHistogram(meter, genAiActivityMetrics.executeToolDuration);
  const workflows = createHistogram(meter, genAiActivityMetrics.invokeWorkflowDuration);

  function add(histogram: Histogram, data: Ended, free: Free, fixed: Attributes = {}): void {
    const error = data.outcome === "error" ? data.errorType : undefined;
    const all: Free = { ...free, [attribute.errorType]: error };
    const admitted = limiter.admit(FREE_ATTRIBUTES.map((name) => all[name] ?? ""));
    const attributes = { ...fixed };
    for (const [index, name] of FREE_ATTRIBUTES.entries()) {
      const value = admitted[index];
      if (value) attributes[name] = value;
    }
    histogram.record(data.durationMs / 1000, attributes);
  }

  return {
    limiter,
    record(event) {
      switch (event.type) {
        case "agent_processing_completed":
        case "agent_error": {
          const { agent, model } = event.data;
          const free = { [attribute.agentName]: agent, [attribute.requestModel]: model };
          return add(agents, event.data, free);
        }
        case "tool_execution_completed":
        case "tool_execution_failed": {
          const { tool, toolType, agent } = event.data;
          return add(tools, event.data, {
            [attribute.toolName]: tool,
            [attribute.toolType]: toolType,
            [attribute.agentName]: agent,
          });
        }
        case "workflow_completed":
        case "workflow_failed":
          return add(workflows, event.data, { [attribute.workflowName]: event.data.workflow });
        case "retrieval_completed":
        case "retrieval_failed": {
          const { provider = "_OTHER", model } = event.data;
          const free = { [attribute.providerName]: provider, [attribute.requestModel]: model };
          return add(operationDuration, event.data, free, {
            [attribute.operationName]: "retrieval",
          });
        }
        default:
          return undefined;
      }
    },
  };
}
