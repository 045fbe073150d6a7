import { DataPointType, MeterProvider } from "@opentelemetry/sdk-metrics";
import { beforeEach, expect, test } from "vitest";
import { PullReader } from "../../../test/support/pull-reader.ts";
import { createEvent, type EventData, type EventType } from "../../events/index.ts";
import { genAiActivityMetrics } from "../../semconv/index.ts";
import { ACTIVITY_ENDS } from "./activity-durations.ts";
import { createGenAiMetricsSink, type GenAiMetricsSink } from "./gen-ai-metrics-sink.ts";

const context = { sessionId: "session-1", userId: "user-1" };
const tally = { llmCalls: 1, toolCalls: 2 };
const completed = { outcome: "success", durationMs: 1_500 } as const;
const failed = { outcome: "error", errorType: "E_MINE", durationMs: 500 } as const;

let reader: PullReader;
let sink: GenAiMetricsSink;
beforeEach(() => {
  reader = new PullReader();
  sink = createGenAiMetricsSink(new MeterProvider({ readers: [reader] }).getMeter("test"), 3);
});

function tell<T extends EventType>(type: T, data: EventData[T]): void {
  // `EventOf<T>` is one of `Event` for each T, which TypeScript can't see
  sink.handle(createEvent(type, data, 0) as never);
}

/** Points of histogram `name` as attributes and sum. */
async function points(name: string) {
  const { resourceMetrics } = await reader.collect();
  const metric = resourceMetrics.scopeMetrics
    .flatMap((scope) => scope.metrics)
    .find(({ descriptor }) => descriptor.name === name);
  if (metric?.dataPointType !== DataPointType.HISTOGRAM) return [];
  return metric.dataPoints.map(({ attributes, value }) => ({
    attributes,
    sum: value.sum,
    bounds: value.buckets.boundaries,
  }));
}

test("an agent by name, model and error, in its buckets", async () => {
  tell("agent_processing_completed", {
    agent: "chef",
    agentId: "1",
    provider: "openai",
    model: "gpt-4o",
    context,
    ...tally,
    ...completed,
  });
  tell("agent_error", { agent: "chef", context, ...tally, ...failed });
  tell("agent_error", { agent: "chef", context, ...tally, ...failed, outcome: "aborted" });
  const bounds = [...genAiActivityMetrics.invokeAgentDuration.buckets];
  expect(await points("gen_ai.invoke_agent.duration")).toEqual([
    {
      attributes: { "gen_ai.agent.name": "chef", "gen_ai.request.model": "gpt-4o" },
      sum: 1.5,
      bounds,
    },
    { attributes: { "gen_ai.agent.name": "chef", "error.type": "E_MINE" }, sum: 0.5, bounds },
    { attributes: { "gen_ai.agent.name": "chef" }, sum: 0.5, bounds },
  ]);
});

test("a tool by name, type, agent and error; a workflow by name", async () => {
  const tool = { tool: "scales", toolCallId: "call_1", context } as const;
  tell("tool_execution_completed", { ...tool, toolType: "function", agent: "chef", ...completed });
  tell("tool_execution_failed", { ...tool, ...failed });
  expect(await points("gen_ai.execute_tool.duration")).toMatchObject([
    {
      attributes: {
        "gen_ai.tool.name": "scales",
        "gen_ai.tool.type": "function",
        "gen_ai.agent.name": "chef",
      },
      sum: 1.5,
    },
    { attributes: { "gen_ai.tool.name": "scales", "error.type": "E_MINE" }, sum: 0.5 },
  ]);
  tell("workflow_completed", { workflow: "dinner", context, ...completed });
  tell("workflow_failed", { workflow: "dinner", context, ...failed });
  expect(
    (await points("gen_ai.invoke_workflow.duration")).map(({ attributes }) => attributes),
  ).toEqual([
    { "gen_ai.workflow.name": "dinner" },
    { "gen_ai.workflow.name": "dinner", "error.type": "E_MINE" },
  ]);
});

test("a retrieval is a client operation", async () => {
  tell("retrieval_completed", { dataSource: "recipes", model: "m", context, ...completed });
  tell("retrieval_failed", { dataSource: "recipes", provider: "openai", context, ...failed });
  expect(
    (await points("gen_ai.client.operation.duration")).map(({ attributes }) => attributes),
  ).toEqual([
    {
      "gen_ai.operation.name": "retrieval",
      "gen_ai.provider.name": "_OTHER",
      "gen_ai.request.model": "m",
    },
    {
      "gen_ai.operation.name": "retrieval",
      "gen_ai.provider.name": "openai",
      "error.type": "E_MINE",
    },
  ]);
});

test("names are bounded, and what is more is counted", async () => {
  for (let index = 0; index < 10; index += 1) {
    tell("workflow_completed", { workflow: `workflow-${index}`, context, ...completed });
  }
  const names = (await points("gen_ai.invoke_workflow.duration")).map(
    ({ attributes }) => attributes["gen_ai.workflow.name"],
  );
  expect(names).toEqual(["workflow-0", "workflow-1", "workflow-2", "other"]);
  expect(sink.limiter.overflowed).toBe(7);
  expect(sink.types).toEqual(expect.arrayContaining([...ACTIVITY_ENDS]));
});
