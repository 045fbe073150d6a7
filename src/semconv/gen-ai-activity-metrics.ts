import { genAiMetrics, type OtelHistogramDefinition } from "./gen-ai-metrics.ts";

/** Agents, tools and workflows by `semantic-conventions-genai`; v1.41 has no other names for them. */
export const genAiActivityMetrics = {
  invokeAgentDuration: {
    name: "gen_ai.invoke_agent.duration",
    unit: "s",
    description: "Duration of an agent's run.",
    buckets: [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6],
  },
  executeToolDuration: {
    name: "gen_ai.execute_tool.duration",
    unit: "s",
    description: "Duration of a tool's execution.",
    buckets: genAiMetrics.operationDuration.buckets,
  },
  invokeWorkflowDuration: {
    name: "gen_ai.invoke_workflow.duration",
    unit: "s",
    description: "Duration of a workflow's run.",
    buckets: [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200],
  },
} as const satisfies Record<string, OtelHistogramDefinition>;
