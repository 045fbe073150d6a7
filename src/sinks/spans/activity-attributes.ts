import type { Activity } from "../../events/index.ts";
import {
  type AttributeList,
  setAttribute,
  attribute,
  type SemconvProfile,
} from "../../semconv/index.ts";
import { addContext } from "./context-attributes.ts";

/** What the span of an activity knows when it starts, by the GenAI conventions and `rlm.*`. */
export function activityAttributes(
  activity: Activity,
  correlationId: string,
  profile: SemconvProfile,
): AttributeList {
  const attributes: AttributeList = [attribute.correlationId, correlationId];
  addDescription(attributes, activity, profile);
  addContext(attributes, activity.data.context);
  return attributes;
}

function addDescription(
  attributes: AttributeList,
  activity: Activity,
  profile: SemconvProfile,
): void {
  switch (activity.kind) {
    case "agent":
      return addAgent(attributes, activity, profile.describesAgents);
    case "tool":
      return addTool(attributes, activity);
    case "retrieval":
      return addRetrieval(attributes, activity, profile.retrievalTopKAttribute);
    case "workflow":
      setAttribute(attributes, attribute.operationName, "invoke_workflow");
      setAttribute(attributes, attribute.workflowName, activity.data.workflow);
      return;
    case "approval":
      return addApproval(attributes, activity);
    case "alert":
      return addAlert(attributes, activity);
  }
}

type Kind<K extends Activity["kind"]> = Extract<Activity, { kind: K }>;

function addAgent(
  attributes: AttributeList,
  { data, description }: Kind<"agent">,
  isFull: boolean,
): void {
  setAttribute(attributes, attribute.operationName, "invoke_agent");
  setAttribute(attributes, attribute.agentName, data.agent);
  setAttribute(attributes, attribute.agentDescription, description);
  setAttribute(attributes, attribute.requestModel, data.model);
  setAttribute(attributes, attribute.conversationId, data.conversationId);
  if (!isFull) return;
  setAttribute(attributes, attribute.agentId, data.agentId);
  setAttribute(attributes, attribute.agentVersion, data.agentVersion);
  setAttribute(attributes, attribute.providerName, data.provider);
}

function addTool(attributes: AttributeList, { data, description }: Kind<"tool">): void {
  setAttribute(attributes, attribute.operationName, "execute_tool");
  setAttribute(attributes, attribute.toolName, data.tool);
  setAttribute(attributes, attribute.toolCallId, data.toolCallId);
  setAttribute(attributes, attribute.toolType, data.toolType);
  setAttribute(attributes, attribute.toolDescription, description);
}

function addRetrieval(
  attributes: AttributeList,
  { data }: Kind<"retrieval">,
  topKAttribute: string,
): void {
  setAttribute(attributes, attribute.operationName, "retrieval");
  setAttribute(attributes, attribute.dataSourceId, data.dataSource);
  setAttribute(attributes, attribute.providerName, data.provider);
  setAttribute(attributes, attribute.requestModel, data.model);
  setAttribute(attributes, topKAttribute, data.topK);
}

/** The conventions have no operation for people; with an attribute of a tool it would be taken for one. */
function addApproval(attributes: AttributeList, { data }: Kind<"approval">): void {
  setAttribute(attributes, attribute.approvalId, data.approvalId);
  setAttribute(attributes, attribute.approvalAction, data.action);
  setAttribute(attributes, attribute.approvalTool, data.tool);
}

function addAlert(attributes: AttributeList, { data }: Kind<"alert">): void {
  setAttribute(attributes, attribute.alertName, data.name);
  setAttribute(attributes, attribute.alertSeverity, data.severity);
  setAttribute(attributes, attribute.alertMessage, data.message);
}
