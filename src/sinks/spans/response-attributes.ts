import type { Cost, LlmTerminalData, Usage } from "../../events/index.ts";
import {
  type AttributeList,
  setAttribute,
  attribute,
  type SemconvProfile,
  semconvProfiles,
} from "../../semconv/index.ts";
import { finishReasons } from "./finish-reasons.ts";
import { isOpenAi } from "./openai-flavour.ts";

/** What a span learns when its operation ends; what is not known is left out, never 0. */
export function responseAttributes(
  data: LlmTerminalData,
  profile: SemconvProfile = semconvProfiles["v1.41"],
): AttributeList {
  const attributes: AttributeList = [attribute.outcome, data.outcome];
  setAttribute(attributes, attribute.responseId, data.responseId);
  setAttribute(attributes, attribute.responseModel, data.responseModel);
  setAttribute(attributes, attribute.httpResponseStatusCode, data.httpStatus);
  const reasons = finishReasons(data, profile.missingFinishReason);
  if (reasons.length > 0) setAttribute(attributes, attribute.responseFinishReasons, reasons);
  if (data.attempts.length > 1) {
    setAttribute(attributes, attribute.httpRequestResendCount, data.attempts.length - 1);
  }
  setSeconds(attributes, attribute.responseHeadersSeconds, data.headersMs);
  setSeconds(attributes, attribute.retryBackoffSeconds, data.backoffMs);
  setSeconds(attributes, attribute.responseTimeToFirstChunk, data.timeToFirstTokenMs);
  if (isOpenAi(data.provider)) {
    setAttribute(attributes, attribute.openaiResponseServiceTier, data.serviceTier);
    setAttribute(attributes, attribute.openaiResponseSystemFingerprint, data.systemFingerprint);
  }
  if (data.usage) addUsage(attributes, data.usage, profile);
  if (data.cost) addCost(attributes, data.cost);
  return attributes;
}

function setSeconds(attributes: AttributeList, name: string, ms: number | undefined): void {
  if (ms !== undefined) setAttribute(attributes, name, ms / 1000);
}

function addUsage(attributes: AttributeList, usage: Usage, profile: SemconvProfile): void {
  setAttribute(attributes, attribute.usageInputTokens, usage.inputTokens);
  setAttribute(attributes, attribute.usageOutputTokens, usage.outputTokens);
  setAttribute(attributes, attribute.usageCacheReadInputTokens, usage.cacheReadTokens);
  for (const name of profile.cacheWriteAttributes) {
    setAttribute(attributes, name, usage.cacheWriteTokens);
  }
  if (usage.estimated) setAttribute(attributes, attribute.usageEstimated, true);
  setAttribute(attributes, attribute.usageReasoningOutputTokens, usage.reasoningTokens);
  setAttribute(attributes, attribute.usageTextInputTokens, usage.inputTextTokens);
  setAttribute(attributes, attribute.usageTextOutputTokens, usage.outputTextTokens);
  setAttribute(attributes, attribute.usageAudioInputTokens, usage.inputAudioTokens);
  setAttribute(attributes, attribute.usageAudioOutputTokens, usage.outputAudioTokens);
  setAttribute(attributes, attribute.usageImageInputTokens, usage.inputImageTokens);
  setAttribute(attributes, attribute.usageImageOutputTokens, usage.outputImageTokens);
  setAttribute(attributes, attribute.usageInputAudioSeconds, usage.inputAudioSeconds);
}

function addCost(attributes: AttributeList, cost: Cost): void {
  setAttribute(attributes, attribute.costTotal, cost.totalUsd);
  setAttribute(attributes, attribute.costInput, cost.inputUsd);
  setAttribute(attributes, attribute.costOutput, cost.outputUsd);
  setAttribute(attributes, attribute.costSource, cost.source);
  setAttribute(attributes, attribute.costTableVersion, cost.tableVersion);
}
