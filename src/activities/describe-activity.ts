import type { ActivityScope } from "../calls/index.ts";
import type { ApprovalData, CallContext, ToolType } from "../events/index.ts";
import type { RunnableActivity } from "./activity-events.ts";
import type { AgentSpec, ApprovalSpec, RetrievalSpec, ToolSpec } from "./specs.ts";

/** It is in spans, events and metrics; what is longer than any name is none. */
const MAX_NAME_LENGTH = 256;
const TOOL_TYPES: readonly unknown[] = ["function", "extension", "datastore"] satisfies ToolType[];

/** Where an activity begins. */
export interface Surroundings {
  readonly context: CallContext;
  readonly parent: ActivityScope | undefined;
}

export function describeAgent(
  agent: string | AgentSpec,
  { context }: Surroundings,
): RunnableActivity {
  const spec: Partial<AgentSpec> = typeof agent === "string" ? { name: agent } : agent;
  const data = {
    agent: nameFrom(spec.name),
    ...text("agentId", spec.id),
    ...text("agentVersion", spec.version),
    ...text("provider", spec.provider),
    ...text("model", spec.model),
    ...text("conversationId", spec.conversationId ?? context.sessionId),
    context,
  };
  return { kind: "agent", data, ...text("description", spec.description) };
}

export function describeTool(
  tool: string | ToolSpec,
  { context, parent }: Surroundings,
): RunnableActivity {
  const spec: Partial<ToolSpec> = typeof tool === "string" ? { name: tool } : tool;
  const data = {
    tool: nameFrom(spec.name),
    ...text("toolCallId", spec.callId),
    ...(TOOL_TYPES.includes(spec.type) && { toolType: spec.type }),
    ...text("agent", parent?.agent),
    context,
  };
  return { kind: "tool", data, ...text("description", spec.description) };
}

export function describeRetrieval(
  source: string | RetrievalSpec,
  { context, parent }: Surroundings,
): RunnableActivity {
  const spec: Partial<RetrievalSpec> =
    typeof source === "string" ? { dataSourceId: source } : source;
  const data = {
    dataSource: nameFrom(spec.dataSourceId),
    ...text("provider", spec.provider),
    ...text("model", spec.model),
    ...(Number.isFinite(spec.topK) && { topK: spec.topK }),
    ...text("agent", parent?.agent),
    context,
  };
  return { kind: "retrieval", data };
}

export function describeWorkflow(name: string, { context }: Surroundings): RunnableActivity {
  return { kind: "workflow", data: { workflow: nameFrom(name), context } };
}

export function describeApproval(
  approval: string | ApprovalSpec,
  { context, parent }: Surroundings,
  id: string,
): ApprovalData {
  const spec: Partial<ApprovalSpec> =
    typeof approval === "string" ? { action: approval } : approval;
  return {
    approvalId: id,
    action: nameFrom(spec.action),
    ...text("tool", spec.tool),
    ...text("toolCallId", spec.toolCallId),
    ...text("agent", parent?.agent),
    context,
  };
}

/** Applications in JavaScript may hand over anything. */
export function nameFrom(name: unknown): string {
  return typeof name === "string" && name !== "" && name.length <= MAX_NAME_LENGTH
    ? name
    : "unknown";
}

/** `{ [key]: value }`, or nothing when there is no text. */
function text<K extends string, V extends string>(
  key: K,
  value: V | undefined,
): Partial<Record<K, V>> {
  // a computed key widens to `string`
  return typeof value === "string" ? ({ [key]: value } as Partial<Record<K, V>>) : {};
}
