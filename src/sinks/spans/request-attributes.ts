import type { LlmCallData, RequestParameters } from "../../events/index.ts";
import { type AttributeList, setAttribute, attribute } from "../../semconv/index.ts";
import { addContext } from "./context-attributes.ts";
import { isOpenAi } from "./openai-flavour.ts";

/** The values of `openai.api.type` in the conventions, by wire format; other formats have none. */
const openAiApiTypes: ReadonlyMap<string, string> = new Map([
  ["openai.chat_completions", "chat_completions"],
  ["openai.responses", "responses"],
]);

/**
 * What a span knows when it starts, by the GenAI conventions v1.41 and `rlm.*`.
 * Metadata becomes one attribute for each key, `rlm.metadata.<key>`, for the first 64 keys.
 */
export function requestAttributes(call: LlmCallData, correlationId?: string): AttributeList {
  const attributes: AttributeList = [
    attribute.operationName,
    call.operation,
    attribute.providerName,
    call.provider,
    attribute.requestModel,
    call.model,
    attribute.serverAddress,
    call.serverAddress,
    attribute.serverPort,
    call.serverPort,
  ];
  if (call.stream) setAttribute(attributes, attribute.requestStream, true);
  if (correlationId !== undefined) setAttribute(attributes, attribute.correlationId, correlationId);
  // a session of the application is the conversation, unless the provider keeps one itself
  const conversationId = call.conversationId ?? call.context.sessionId;
  setAttribute(attributes, attribute.conversationId, conversationId);
  setAttribute(attributes, attribute.requestPreviousResponseId, call.previousResponseId);
  addParameters(attributes, call.parameters);
  if (isOpenAi(call.provider)) addOpenAi(attributes, call);
  addContext(attributes, call.context);
  return attributes;
}

function addParameters(attributes: AttributeList, parameters: RequestParameters): void {
  setAttribute(attributes, attribute.requestTemperature, parameters.temperature);
  setAttribute(attributes, attribute.requestTopP, parameters.topP);
  setAttribute(attributes, attribute.requestTopK, parameters.topK);
  setAttribute(attributes, attribute.requestMaxTokens, parameters.maxTokens);
  setAttribute(attributes, attribute.requestFrequencyPenalty, parameters.frequencyPenalty);
  setAttribute(attributes, attribute.requestPresencePenalty, parameters.presencePenalty);
  setAttribute(attributes, attribute.requestSeed, parameters.seed);
  setAttribute(attributes, attribute.outputType, parameters.outputType);
  setAttribute(attributes, attribute.requestReasoningLevel, parameters.reasoningLevel);
  setAttribute(attributes, attribute.embeddingsDimensionCount, parameters.dimensionCount);
  if (parameters.encodingFormat !== undefined) {
    setAttribute(attributes, attribute.requestEncodingFormats, [parameters.encodingFormat]);
  }
  if (parameters.choiceCount !== 1) {
    setAttribute(attributes, attribute.requestChoiceCount, parameters.choiceCount);
  }
  if (parameters.stopSequences) {
    setAttribute(attributes, attribute.requestStopSequences, [...parameters.stopSequences]);
  }
}

function addOpenAi(attributes: AttributeList, { wireFormat, parameters }: LlmCallData): void {
  setAttribute(attributes, attribute.openaiApiType, openAiApiTypes.get(wireFormat));
  if (parameters.serviceTier !== "auto") {
    setAttribute(attributes, attribute.openaiRequestServiceTier, parameters.serviceTier);
  }
}
