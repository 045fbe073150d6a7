import { genAiActivityMetrics } from "./gen-ai-activity-metrics.ts";
import { attribute } from "./gen-ai-attributes.ts";
import {
  genAiMainCounters,
  genAiMainMetrics,
  genAiMetrics,
  prometheusName,
} from "./gen-ai-metrics.ts";

type Underscored<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? `${Head}_${Underscored<Tail>}`
  : Name;

/** An OTel attribute as `@opentelemetry/exporter-prometheus` spells it in a label name. */
function labelName<Name extends string>(name: Name): Underscored<Name> {
  // The type spells out what `replaceAll` does; TypeScript has no way to see that.
  return name.replaceAll(".", "_") as Underscored<Name>;
}

const PROVIDER = labelName(attribute.providerName);
const MODEL = labelName(attribute.requestModel);
const OPERATION = labelName(attribute.operationName);
const TOKEN_TYPE = labelName(attribute.tokenType);
const MODALITY = labelName(attribute.tokenModality);
const ERROR_TYPE = labelName(attribute.errorType);
const AGENT = labelName(attribute.agentName);
const TOOL = labelName(attribute.toolName);
const WORKFLOW = labelName(attribute.workflowName);

/** The standard metrics as Prometheus sees them, with the labels that may be queried. */
export const genAiSeries = {
  operationDuration: {
    name: prometheusName(genAiMetrics.operationDuration.name),
    type: "histogram",
    labels: [OPERATION, PROVIDER, MODEL, ERROR_TYPE],
  },
  tokenUsage: {
    name: prometheusName(genAiMetrics.tokenUsage.name),
    type: "histogram",
    labels: [OPERATION, PROVIDER, MODEL, TOKEN_TYPE],
  },
  timeToFirstChunk: {
    name: prometheusName(genAiMetrics.timeToFirstChunk.name),
    type: "histogram",
    labels: [OPERATION, PROVIDER, MODEL],
  },
  timePerOutputChunk: {
    name: prometheusName(genAiMetrics.timePerOutputChunk.name),
    type: "histogram",
    labels: [OPERATION, PROVIDER, MODEL],
  },
} as const;

/** The same where `semconv` is `genai-main`. */
export const genAiMainSeries = {
  inferenceDuration: {
    name: prometheusName(genAiMainMetrics.inferenceDuration.name),
    type: "histogram",
    labels: [OPERATION, PROVIDER, MODEL, ERROR_TYPE],
  },
  inferenceTimeToFirstChunk: {
    name: prometheusName(genAiMainMetrics.inferenceTimeToFirstChunk.name),
    type: "histogram",
    labels: [OPERATION, PROVIDER, MODEL],
  },
  inferenceTimePerOutputChunk: {
    name: prometheusName(genAiMainMetrics.inferenceTimePerOutputChunk.name),
    type: "histogram",
    labels: [OPERATION, PROVIDER, MODEL],
  },
  inputTokens: {
    name: `${prometheusName(genAiMainCounters.inputTokens.name)}_total`,
    type: "counter",
    labels: [OPERATION, PROVIDER, MODEL, MODALITY],
  },
  outputTokens: {
    name: `${prometheusName(genAiMainCounters.outputTokens.name)}_total`,
    type: "counter",
    labels: [OPERATION, PROVIDER, MODEL, MODALITY],
  },
} as const;

/** Agents, tools and workflows, the same in both. An agent's model, if it has one, is left out: it filters nothing. */
export const genAiActivitySeries = {
  invokeAgentDuration: {
    name: prometheusName(genAiActivityMetrics.invokeAgentDuration.name),
    type: "histogram",
    labels: [AGENT, ERROR_TYPE],
  },
  executeToolDuration: {
    name: prometheusName(genAiActivityMetrics.executeToolDuration.name),
    type: "histogram",
    labels: [TOOL, AGENT, ERROR_TYPE],
  },
  invokeWorkflowDuration: {
    name: prometheusName(genAiActivityMetrics.invokeWorkflowDuration.name),
    type: "histogram",
    labels: [WORKFLOW, ERROR_TYPE],
  },
} as const;
