import type {
  LlmCompletedData,
  LlmFailedData,
  OperationName,
  Sink,
  Usage,
} from "../../events/index.ts";
import { LabelLimiter } from "../../redaction/index.ts";
import {
  attribute,
  type OperationKind,
  type SemconvProfile,
  semconvProfiles,
} from "../../semconv/index.ts";
import { ACTIVITY_ENDS, createActivityDurations } from "./activity-durations.ts";
import { createInstruments, type InstrumentMaker } from "./instruments.ts";
import { type AttributeSet, AttributeSets, FREE_ATTRIBUTES } from "./metric-attributes.ts";
import { tokenModalities } from "./token-modalities.ts";

export interface GenAiMetricsSink extends Sink {
  /** Counts the values that became `other`. */
  readonly limiter: { readonly overflowed: number };
}

const KINDS: Readonly<Record<OperationName, OperationKind>> = {
  chat: "inference",
  text_completion: "inference",
  generate_content: "inference",
  embeddings: "embeddings",
  moderation: "other",
  fetch_response: "inference",
};

const NO_TOKENS: Usage = { inputTokens: 0, outputTokens: 0 };

/**
 * Records the standard client metrics of the GenAI conventions, in the names of one version of them: duration, tokens
 * (only when the provider told them) and, for streams, time to first chunk. Their attributes are bounded like labels.
 */
export function createGenAiMetricsSink(
  meter: InstrumentMaker,
  maxLabelValues = 200,
  profile: SemconvProfile = semconvProfiles["v1.41"],
): GenAiMetricsSink {
  const limiter = new LabelLimiter(FREE_ATTRIBUTES, maxLabelValues);
  const attributes = new AttributeSets(limiter);
  const instruments = createInstruments(meter, profile);
  const activities = createActivityDurations(meter, maxLabelValues, instruments.durations.other);

  function recordTokens(usage: Usage, kind: OperationKind, set: AttributeSet): void {
    for (const { histogram, count, tokenType } of instruments.tokenHistograms[kind]) {
      const tokens = usage[count];
      if (tokens === undefined) continue;
      histogram.record(
        tokens,
        tokenType ? set.with(attribute.tokenType, tokenType) : set.attributes,
      );
    }
  }

  function countTokens(usage: Usage, failed: boolean, set: AttributeSet): void {
    for (const { counter, count, countsFailures } of instruments.tokenCounters) {
      if (failed && !countsFailures) continue;
      for (const [modality, tokens] of tokenModalities(usage, count)) {
        counter.add(tokens, set.with(attribute.tokenModality, modality));
      }
    }
  }

  function record(data: LlmCompletedData | LlmFailedData): void {
    const kind = KINDS[data.operation];
    const { set, errorType } = attributes.of(data, errorTypeOf(data));
    instruments.durations[kind].record(
      data.durationMs / 1000,
      errorType === "" ? set.attributes : set.with(attribute.errorType, errorType),
    );
    const failed = data.usage === undefined && data.outcome === "error";
    if (data.usage) recordTokens(data.usage, kind, set);
    if (kind === "inference" && (data.usage || failed)) {
      countTokens(data.usage ?? NO_TOKENS, failed, set);
    }
    if (data.timeToFirstTokenMs !== undefined) {
      instruments.timeToFirstChunk.record(data.timeToFirstTokenMs / 1000, set.attributes);
    }
  }

  return {
    name: "gen-ai-metrics",
    priority: 5,
    types: ["llm_request_completed", "llm_request_failed", ...ACTIVITY_ENDS],
    limiter: {
      get overflowed() {
        return limiter.overflowed + activities.limiter.overflowed;
      },
    },
    handle(event) {
      if (event.type === "llm_request_completed" || event.type === "llm_request_failed") {
        record(event.data);
      } else {
        activities.record(event);
      }
    },
  };
}

/** Aborted and abandoned are the caller's own doing: no error of the operation. */
function errorTypeOf(data: LlmCompletedData | LlmFailedData): string | undefined {
  return data.outcome === "error" || data.outcome === "truncated" ? data.errorType : undefined;
}
