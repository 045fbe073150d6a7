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

/** Sets of attributes that are remembered; an application has a handful of agents and tools. */
const MAX_REMEMBERED = 1_000;

/** What is known of an activity, by the names of `FREE_ATTRIBUTES`. */
interface Named {
  readonly agent?: string | undefined;
  readonly tool?: string | undefined;
  readonly toolType?: string | undefined;
  readonly workflow?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** GenAI operation name, where it is an attribute. */
  readonly operation?: string;
}
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

  /** Always the same objects, which makes their cells cheap to find. */
  const remembered = new Map<string, Attributes>();

  function attributesOf(operation: string, admitted: readonly string[]): Attributes {
    const key = `${operation}\u0000${admitted.join("\u0000")}`;
    const known = remembered.get(key);
    if (known) return known;
    const attributes: Attributes = {};
    if (operation !== "") attributes[attribute.operationName] = operation;
    for (const [index, name] of FREE_ATTRIBUTES.entries()) {
      const value = admitted[index];
      if (value) attributes[name] = value;
    }
    if (remembered.size < MAX_REMEMBERED) remembered.set(key, attributes);
    return attributes;
  }

  function add(histogram: Histogram, data: Ended, named: Named): void {
    const { agent = "", tool = "", toolType = "", workflow = "", provider = "" } = named;
    const { model = "", operation = "" } = named;
    const error = data.outcome === "error" ? data.errorType : "";
    // in the order of `FREE_ATTRIBUTES`
    const values = [agent, tool, toolType, workflow, provider, model, error];
    histogram.record(data.durationMs / 1000, attributesOf(operation, limiter.admit(values)));
  }

  return {
    limiter,
    record(event) {
      switch (event.type) {
        case "agent_processing_completed":
        case "agent_error": {
          const { agent, model } = event.data;
          return add(agents, event.data, { agent, model });
        }
        case "tool_execution_completed":
        case "tool_execution_failed": {
          const { tool, toolType, agent } = event.data;
          return add(tools, event.data, { tool, toolType, agent });
        }
        case "workflow_completed":
        case "workflow_failed":
          return add(workflows, event.data, { workflow: event.data.workflow });
        case "retrieval_completed":
        case "retrieval_failed": {
          const { provider = "_OTHER", model } = event.data;
          return add(operationDuration, event.data, { provider, model, operation: "retrieval" });
        }
        default:
          return undefined;
      }
    },
  };
}
