import type { ActivityScope } from "../calls/index.ts";
import {
  type ApprovalData,
  type CallContext,
  fitText,
  idFrom,
  type ToolType,
} from "../events/index.ts";
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
    ...ownId("agentId", spec.id),
    ...text("agentVersion", spec.version),
    ...text("provider", spec.provider),
    ...text("model", spec.model),
    ...ownId("conversationId", spec.conversationId ?? context.sessionId),
    context,
  };
  return { kind: "agent", data, ...description(spec.description) };
}

export function describeTool(
  tool: string | ToolSpec,
  { context, parent }: Surroundings,
): RunnableActivity {
  const spec: Partial<ToolSpec> = typeof tool === "string" ? { name: tool } : tool;
  const data = {
    tool: nameFrom(spec.name),
    ...ownId("toolCallId", spec.callId),
    ...(TOOL_TYPES.includes(spec.type) && { toolType: spec.type }),
    ...text("agent", parent?.agent),
    context,
  };
  return { kind: "tool", data, ...description(spec.description) };
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
    ...ownId("toolCallId", spec.toolCallId),
    ...text("agent", parent?.agent),
    context,
  };
}

/** Applications in JavaScript may hand over anything. */
export function nameFrom(name: unknown): string {
  return typeof name === "string" && name !== "" && name.length <= MAX_NAME_LENGTH
    ? fitText(name, MAX_NAME_LENGTH)
    : "unknown";
}

/** For spans alone, which have a limit of their own. */
function description(given: unknown): { readonly description?: string } {
  return typeof given === "string" ? { description: given } : {};
}

/** An id of the application's own, as `text()`; two that differ stay two. */
function ownId<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return text(key, idFrom(value));
}

/** `{ [key]: value }`, or nothing when there is no text. */
function text<K extends string, V extends string>(
  key: K,
  value: V | undefined,
): Partial<Record<K, V>> {
  // a computed key widens to `string`
  return typeof value === "string"
    ? ({ [key]: fitText(value, MAX_NAME_LENGTH) } as Partial<Record<K, V>>)
    : {};
}
