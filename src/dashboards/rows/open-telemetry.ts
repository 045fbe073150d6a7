import * as units from "@grafana/grafana-foundation-sdk/units";

import { genAiActivitySeries, genAiMainSeries, genAiSeries } from "../../semconv/gen-ai-series.ts";
import { timeSeries } from "../panels/time-series.ts";
import { observedPerSecond, perSecond, quantile } from "../queries.ts";
import type { Section } from "../section.ts";

const MODEL = ["gen_ai_provider_name", "gen_ai_request_model"] as const;
const MODEL_LEGEND = "{{gen_ai_provider_name}} {{gen_ai_request_model}}";

/**
 * The standard `gen_ai.client.*` metrics, to compare with other tools that follow the conventions. Each panel asks for
 * both versions of them; an application has one.
 */
export function openTelemetrySection(): Section {
  const { operationDuration, tokenUsage, timeToFirstChunk, timePerOutputChunk } = genAiSeries;
  const { inferenceDuration, inferenceTimeToFirstChunk, inferenceTimePerOutputChunk } =
    genAiMainSeries;
  const { inputTokens, outputTokens } = genAiMainSeries;
  return {
    slug: "open-telemetry",
    title: "OpenTelemetry GenAI metrics",
    collapsed: true,
    panels: [
      timeSeries({
        slug: "gen-ai-operation-duration",
        title: "Operation duration by model, p95",
        description: "The standard duration metric of GenAI clients.",
        span: 6,
        unit: units.Seconds,
        queries: [operationDuration, inferenceDuration].map((duration) => ({
          expr: quantile(0.95, duration, MODEL),
          legend: MODEL_LEGEND,
        })),
      }),
      timeSeries({
        slug: "gen-ai-token-usage",
        title: "Token usage by type",
        description: "Input and output tokens per second, from the standard token metric.",
        span: 6,
        unit: units.CountsPerSecond,
        stacked: true,
        queries: [
          {
            expr: observedPerSecond(tokenUsage, ["gen_ai_token_type"]),
            legend: "{{gen_ai_token_type}}",
          },
          { expr: perSecond(inputTokens, []), legend: "input" },
          { expr: perSecond(outputTokens, []), legend: "output" },
        ],
      }),
      timeSeries({
        slug: "gen-ai-time-to-first-chunk",
        title: "Time to first chunk by model, p95",
        description: "Time until the first chunk of a streamed answer arrived.",
        span: 6,
        unit: units.Seconds,
        queries: [timeToFirstChunk, inferenceTimeToFirstChunk].map((time) => ({
          expr: quantile(0.95, time, MODEL),
          legend: MODEL_LEGEND,
        })),
      }),
      timeSeries({
        slug: "gen-ai-time-per-output-chunk",
        title: "Time per output chunk by model, p95",
        description: "Time between two content chunks of a streamed answer.",
        span: 6,
        unit: units.Seconds,
        queries: [timePerOutputChunk, inferenceTimePerOutputChunk].map((time) => ({
          expr: quantile(0.95, time, MODEL),
          legend: MODEL_LEGEND,
        })),
      }),
      activityDurations(),
    ],
  };
}

function activityDurations() {
  const { invokeAgentDuration, executeToolDuration, invokeWorkflowDuration } = genAiActivitySeries;
  return timeSeries({
    slug: "gen-ai-activity-duration",
    title: "Agent, tool and workflow duration, p95",
    description: "The standard duration metrics of agents, tools and workflows.",
    span: 24,
    unit: units.Seconds,
    queries: [
      {
        expr: quantile(0.95, invokeAgentDuration, ["gen_ai_agent_name"]),
        legend: "agent {{gen_ai_agent_name}}",
      },
      {
        expr: quantile(0.95, executeToolDuration, ["gen_ai_tool_name"]),
        legend: "tool {{gen_ai_tool_name}}",
      },
      {
        expr: quantile(0.95, invokeWorkflowDuration, ["gen_ai_workflow_name"]),
        legend: "workflow {{gen_ai_workflow_name}}",
      },
    ],
  });
}
