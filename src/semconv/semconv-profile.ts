import { attribute } from "./gen-ai-attributes.ts";
import {
  genAiMainCounters,
  genAiMainMetrics,
  genAiMetrics,
  type OtelCounterDefinition,
  type OtelHistogramDefinition,
} from "./gen-ai-metrics.ts";

/** `v1.41`: the last release of the GenAI conventions. `genai-main`: their own repository, which has none yet. */
export type SemconvVersion = "v1.41" | "genai-main";

export const semconvVersions: readonly SemconvVersion[] = ["v1.41", "genai-main"];

/** What the conventions tell apart; `other` has no name of its own in them, e.g. a moderation. */
export type OperationKind = "inference" | "embeddings" | "other";

type TokenCount =
  | "inputTokens"
  | "outputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "reasoningTokens";

/** One value for each operation whose usage is known. */
export interface TokenHistogram {
  readonly definition: OtelHistogramDefinition;
  readonly kinds: readonly OperationKind[];
  readonly count: TokenCount;
  /** `gen_ai.token.type`, where one metric holds both. */
  readonly tokenType?: "input" | "output";
}

/** A sum over inferences, with `gen_ai.token.modality`. */
export interface TokenCounter {
  readonly definition: OtelCounterDefinition;
  readonly count: TokenCount;
  /** A failed operation without usage counts 0. */
  readonly countsFailures: boolean;
}

/** How one version of the conventions names what is the same in both. */
export interface SemconvProfile {
  readonly durations: Readonly<Record<OperationKind, OtelHistogramDefinition>>;
  readonly timeToFirstChunk: OtelHistogramDefinition;
  readonly timePerOutputChunk: OtelHistogramDefinition;
  readonly tokenHistograms: readonly TokenHistogram[];
  readonly tokenCounters: readonly TokenCounter[];
  /** Span attributes that hold the tokens written to a cache. */
  readonly cacheWriteAttributes: readonly string[];
  /** Span attribute that holds the number of documents that a retrieval asks for. */
  readonly retrievalTopKAttribute: string;
  /** Id, version and provider of an agent are on its span. */
  readonly describesAgents: boolean;
  /** Finish reason of a choice that never told its own. */
  readonly missingFinishReason?: string;
}

const ALL: readonly OperationKind[] = ["inference", "embeddings", "other"];

const v141: SemconvProfile = {
  durations: {
    inference: genAiMetrics.operationDuration,
    embeddings: genAiMetrics.operationDuration,
    other: genAiMetrics.operationDuration,
  },
  timeToFirstChunk: genAiMetrics.timeToFirstChunk,
  timePerOutputChunk: genAiMetrics.timePerOutputChunk,
  tokenHistograms: [
    {
      definition: genAiMetrics.tokenUsage,
      kinds: ALL,
      count: "inputTokens",
      tokenType: "input",
    },
    {
      definition: genAiMetrics.tokenUsage,
      kinds: ALL,
      count: "outputTokens",
      tokenType: "output",
    },
  ],
  tokenCounters: [],
  retrievalTopKAttribute: attribute.requestTopK,
  describesAgents: true,
  // it says `cache_creation`, its successor `cache_write`: back ends read the one or the other
  cacheWriteAttributes: [
    attribute.usageCacheCreationInputTokens,
    attribute.usageCacheWriteInputTokens,
  ],
};

const genAiMain: SemconvProfile = {
  durations: {
    inference: genAiMainMetrics.inferenceDuration,
    embeddings: genAiMainMetrics.embeddingsDuration,
    other: genAiMetrics.operationDuration,
  },
  timeToFirstChunk: genAiMainMetrics.inferenceTimeToFirstChunk,
  timePerOutputChunk: genAiMainMetrics.inferenceTimePerOutputChunk,
  tokenHistograms: [
    {
      definition: genAiMainMetrics.inferenceInputTokens,
      kinds: ["inference"],
      count: "inputTokens",
    },
    {
      definition: genAiMainMetrics.inferenceOutputTokens,
      kinds: ["inference"],
      count: "outputTokens",
    },
    {
      definition: genAiMainMetrics.embeddingsInputTokens,
      kinds: ["embeddings"],
      count: "inputTokens",
    },
  ],
  tokenCounters: [
    { definition: genAiMainCounters.inputTokens, count: "inputTokens", countsFailures: true },
    { definition: genAiMainCounters.outputTokens, count: "outputTokens", countsFailures: true },
    ...(["cacheReadTokens", "cacheWriteTokens", "reasoningTokens"] as const).map((count) => ({
      definition: genAiMainCounters[count],
      count,
      countsFailures: false,
    })),
  ],
  retrievalTopKAttribute: attribute.retrievalTopK,
  describesAgents: false,
  cacheWriteAttributes: [attribute.usageCacheWriteInputTokens],
  missingFinishReason: "error",
};

/** One of them is in force, never both: a sum over the two sets of metrics would count every token twice. */
export const semconvProfiles: Readonly<Record<SemconvVersion, SemconvProfile>> = {
  "v1.41": v141,
  "genai-main": genAiMain,
};
