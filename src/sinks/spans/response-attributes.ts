import type { Attributes } from "@opentelemetry/api";
import type { Cost, LlmTerminalData, Usage } from "../../events/index.ts";
import { attribute, type SemconvProfile, semconvProfiles } from "../../semconv/index.ts";
import { finishReasons } from "./finish-reasons.ts";
import { isOpenAi } from "./openai-flavour.ts";
import { setAttribute } from "./set-attribute.ts";

/** What a span learns when its operation ends; what is not known is left out, never 0. */
export function responseAttributes(
  data: LlmTerminalData,
  profile: SemconvProfile = semconvProfiles["v1.41"],
): Attributes {
  const attributes: Attributes = { [attribute.outcome]: data.outcome };
  setAttribute(attributes, attribute.responseId, data.responseId);
  setAttribute(attributes, attribute.responseModel, data.responseModel);
  setAttribute(attributes, attribute.httpResponseStatusCode, data.httpStatus);
  const reasons = finishReasons(data, profile.missingFinishReason);
  if (reasons.length > 0) attributes[attribute.responseFinishReasons] = reasons;
  if (data.attempts.length > 1) {
    attributes[attribute.httpRequestResendCount] = data.attempts.length - 1;
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

function setSeconds(attributes: Attributes, name: string, ms: number | undefined): void {
  if (ms !== undefined) attributes[name] = ms / 1000;
}

function addUsage(attributes: Attributes, usage: Usage, profile: SemconvProfile): void {
  setAttribute(attributes, attribute.usageInputTokens, usage.inputTokens);
  setAttribute(attributes, attribute.usageOutputTokens, usage.outputTokens);
  setAttribute(attributes, attribute.usageCacheReadInputTokens, usage.cacheReadTokens);
  for (const name of profile.cacheWriteAttributes) {
    setAttribute(attributes, name, usage.cacheWriteTokens);
  }
  if (usage.estimated) attributes[attribute.usageEstimated] = true;
  setAttribute(attributes, attribute.usageReasoningOutputTokens, usage.reasoningTokens);
  setAttribute(attributes, attribute.usageTextInputTokens, usage.inputTextTokens);
  setAttribute(attributes, attribute.usageTextOutputTokens, usage.outputTextTokens);
  setAttribute(attributes, attribute.usageAudioInputTokens, usage.inputAudioTokens);
  setAttribute(attributes, attribute.usageAudioOutputTokens, usage.outputAudioTokens);
  setAttribute(attributes, attribute.usageImageInputTokens, usage.inputImageTokens);
  setAttribute(attributes, attribute.usageImageOutputTokens, usage.outputImageTokens);
  setAttribute(attributes, attribute.usageInputAudioSeconds, usage.inputAudioSeconds);
}

function addCost(attributes: Attributes, cost: Cost): void {
  attributes[attribute.costTotal] = cost.totalUsd;
  attributes[attribute.costInput] = cost.inputUsd;
  attributes[attribute.costOutput] = cost.outputUsd;
  attributes[attribute.costSource] = cost.source;
  setAttribute(attributes, attribute.costTableVersion, cost.tableVersion);
}
