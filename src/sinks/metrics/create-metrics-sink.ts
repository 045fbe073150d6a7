import type {
  Event,
  EventOf,
  LlmCallData,
  LlmTerminalData,
  Sink,
  TerminalEvent,
  Usage,
} from "../../events/index.ts";
import { type SemconvProfile, semconvProfiles } from "../../semconv/index.ts";
import { ACTIVITY_EVENTS, countActivity } from "./activity-metrics.ts";
import { createChunkGapMetric } from "./chunk-gaps.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { type IfPriced, ModelCellCache } from "./model-cells.ts";
import type { MetricFamily } from "./metric-family.ts";
import { createProductFamilies, type ProductFamilies } from "./product-families.ts";

/** An answer that came in one piece has no rate. */
const MIN_GENERATION_MS = 10;

export interface MetricsSinkOptions {
  /** Distinct values a label may take in one metric. Default 200. */
  readonly maxLabelValues?: number;
  /** Where a call of this model is priced, its cost starts at 0. */
  readonly ifPriced?: IfPriced;
  /** How the standard metrics among them are named. Default `v1.41`. */
  readonly profile?: SemconvProfile;
}

export interface MetricsSink extends Sink {
  readonly families: ProductFamilies;
  /** Standard metrics that are kept here. */
  readonly standardFamilies: readonly MetricFamily[];
}

/** Events → the product metrics. */
export function createMetricsSink(options: MetricsSinkOptions = {}): MetricsSink {
  const maxLabelValues = options.maxLabelValues ?? 200;
  const families = createProductFamilies(maxLabelValues);
  const chunkGaps = createChunkGapMetric(
    options.profile ?? semconvProfiles["v1.41"],
    maxLabelValues,
  );
  const models = new ModelCellCache(families, maxLabelValues, options.ifPriced);

  function started(call: LlmCallData): void {
    models.get(call);
    families.activeRequests.cell(call.provider).value += 1;
  }

  function ended(event: TerminalEvent): void {
    const { data } = event;
    const cells = models.get(data);
    families.activeRequests.cell(data.provider).value -= 1;
    cells.requests[data.outcome].add(1);
    cells.latency.observe(data.durationMs / 1000, event);
    countFailure(event, families);
    countAttempts(data, families);
    for (const word of data.finishReasons) cells.finishReasons?.[finishReasonOf(word)].add(1);
    if (data.usage) {
      cells.promptTokens.add(data.usage.inputTokens ?? 0);
      cells.completionTokens.add(data.usage.outputTokens ?? 0);
      countTokenDetails(data, data.usage, families);
      countCost(data, data.usage, families);
      if (data.usage.estimated) countEstimates(data, data.usage, families);
    }
    observeStream(event, families);
    chunkGaps.record(data);
  }

  return {
    name: "metrics",
    priority: 5,
    types: [
      "llm_request_started",
      "llm_request_completed",
      "llm_request_failed",
      "session_ended",
      ...ACTIVITY_EVENTS,
    ],
    families,
    standardFamilies: [chunkGaps.family],
    handle(event: Event) {
      switch (event.type) {
        case "llm_request_started":
          return started(event.data);
        case "llm_request_completed":
        case "llm_request_failed":
          return ended(event);
        case "session_ended":
          return sessionEnded(event, families);
        default:
          return countActivity(event, families);
      }
    },
  };
}

function countFailure(event: TerminalEvent, families: ProductFamilies): void {
  if (event.type !== "llm_request_failed") return;
  const { provider, model, outcome, errorType } = event.data;
  if (outcome === "error" || outcome === "truncated") {
    families.errors.cell(provider, model, errorType).add(1);
  }
}

function countAttempts(data: LlmTerminalData, families: ProductFamilies): void {
  const { provider, model, attempts, backoffMs } = data;
  if (backoffMs) families.backoff.cell(provider, model).add(backoffMs / 1000);
  for (const [index, attempt] of attempts.entries()) {
    families.attempts.cell(provider, model, attempt.result).add(1);
    const repeated = index < attempts.length - 1;
    if (repeated) families.retries.cell(provider, model, attempt.result).add(1);
  }
}

function countTokenDetails(data: LlmTerminalData, usage: Usage, families: ProductFamilies): void {
  const details: readonly (readonly [kind: string, tokens: number | undefined])[] = [
    ["cached_prompt", usage.cacheReadTokens],
    ["cache_write", usage.cacheWriteTokens],
    ["reasoning", usage.reasoningTokens],
    ["audio_prompt", usage.inputAudioTokens],
    ["audio_completion", usage.outputAudioTokens],
    ["image_prompt", usage.inputImageTokens],
    ["image_completion", usage.outputImageTokens],
  ];
  for (const [kind, tokens] of details) {
    if (tokens) families.tokenDetails.cell(data.provider, data.model, kind).add(tokens);
  }
}

function countEstimates(data: LlmTerminalData, usage: Usage, families: ProductFamilies): void {
  const { provider, model, cost } = data;
  const count = (type: string, tokens: number | undefined) =>
    families.estimatedTokens.cell(provider, model, type).add(tokens ?? 0);
  if (usage.estimated !== "output") count("prompt", usage.inputTokens);
  if (usage.estimated !== "input") count("completion", usage.outputTokens);
  if (cost) families.estimatedCost.cell(provider, model).add(cost.totalUsd);
}

function countCost(data: LlmTerminalData, usage: Usage, families: ProductFamilies): void {
  const { provider, model, cost } = data;
  if (cost) {
    families.cost.cell(provider, model).add(cost.totalUsd);
    families.requestCost.cell(provider, model).observe(cost.totalUsd);
    return;
  }
  families.unpricedTokens.cell(provider, model, "prompt").add(usage.inputTokens ?? 0);
  families.unpricedTokens.cell(provider, model, "completion").add(usage.outputTokens ?? 0);
}

function observeStream(event: TerminalEvent, families: ProductFamilies): void {
  const { provider, model, timeToFirstTokenMs, outcome } = event.data;
  if (timeToFirstTokenMs === undefined) return;
  families.timeToFirstToken.cell(provider, model).observe(timeToFirstTokenMs / 1000, event);
  if (outcome !== "success") return;
  const tokensPerSecond = generationRate(event.data);
  if (tokensPerSecond === undefined) return;
  families.outputTokensPerSecond.cell(provider, model).observe(tokensPerSecond);
}

/** Waiting for a retry, for headers or for the first content is not generation, and neither is hidden reasoning. */
function generationRate({ usage, outputChunks }: LlmTerminalData): number | undefined {
  if (usage?.outputTokens === undefined || outputChunks === undefined) return undefined;
  if (usage.estimated) return undefined;
  if (outputChunks.generationMs < MIN_GENERATION_MS) return undefined;
  const hidden = outputChunks.withReasoning === true ? 0 : (usage.reasoningTokens ?? 0);
  return (usage.outputTokens - hidden) / (outputChunks.generationMs / 1000);
}

function sessionEnded(event: EventOf<"session_ended">, families: ProductFamilies): void {
  families.sessionDuration.cell().observe(event.data.durationMs / 1000);
  families.sessionCost.cell().observe(event.data.costUsd);
  families.sessionRequests.cell().observe(event.data.requests);
}
