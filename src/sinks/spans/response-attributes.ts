import type { Attributes } from "@opentelemetry/api";
import type { Cost, LlmTerminalData, Usage } from "../../events/index.ts";
import { attribute } from "../../semconv/index.ts";
import { isOpenAi } from "./openai-flavour.ts";
import { setAttribute } from "./set-attribute.ts";

/** What a span learns when its operation ends; what is not known is left out, never 0. */
export function responseAttributes(data: LlmTerminalData): Attributes {
  const attributes: Attributes = { [attribute.outcome]: data.outcome };
  setAttribute(attributes, attribute.responseId, data.responseId);
  setAttribute(attributes, attribute.responseModel, data.responseModel);
  setAttribute(attributes, attribute.httpResponseStatusCode, data.httpStatus);
  if (data.finishReasons.length > 0) {
    attributes[attribute.responseFinishReasons] = [...data.finishReasons];
  }
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
  if (data.usage) addUsage(attributes, data.usage);
  if (data.cost) addCost(attributes, data.cost);
  return attributes;
}

function setSeconds(attributes: Attributes, name: string, ms: number | undefined): void {
  if (ms !== undefined) attributes[name] = ms / 1000;
}

function addUsage(attributes: Attributes, usage: Usage): void {
  setAttribute(attributes, attribute.usageInputTokens, usage.inputTokens);
  setAttribute(attributes, attribute.usageOutputTokens, usage.outputTokens);
  setAttribute(attributes, attribute.usageCacheReadInputTokens, usage.cacheReadTokens);
  // v1.41 says `cache_creation`, its successor `cache_write`: back ends read the one or the other
  setAttribute(attributes, attribute.usageCacheCreationInputTokens, usage.cacheWriteTokens);
  setAttribute(attributes, attribute.usageCacheWriteInputTokens, usage.cacheWriteTokens);
  setAttribute(attributes, attribute.usageReasoningOutputTokens, usage.reasoningTokens);
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
