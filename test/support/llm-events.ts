import {
  createEvent,
  type LlmCallData,
  type LlmCompletedData,
  type LlmFailedData,
  type TerminalEvent,
} from "../../src/events/index.ts";

/** A call of `gpt-4o` with nothing optional. */
export const plainCall: LlmCallData = {
  provider: "openai",
  model: "gpt-4o",
  operation: "chat",
  wireFormat: "openai.chat_completions",
  stream: false,
  messagesCount: 1,
  toolsCount: 0,
  serverAddress: "api.openai.com",
  serverPort: 443,
  parameters: {},
  context: {},
};

/** A call with every field that has a place on a span. */
export const fullCall: LlmCallData = {
  ...plainCall,
  stream: true,
  parameters: {
    temperature: 0.2,
    topP: 0.9,
    topK: 40,
    maxTokens: 100,
    frequencyPenalty: 0.1,
    presencePenalty: 0.3,
    seed: 7,
    choiceCount: 2,
    stopSequences: ["\n"],
    outputType: "json",
    reasoningLevel: "high",
    serviceTier: "flex",
  },
  conversationId: "conv_1",
  previousResponseId: "resp_0",
  context: {
    sessionId: "session-1",
    userId: "user-1",
    tags: ["beta", "eu"],
    metadata: { plan: "pro", seats: 3, trial: false },
  },
};

/** The answer to {@link fullCall}: 1000 tokens in (400 cached, 100 written), 300 out (120 reasoning). */
export const fullAnswer: LlmCompletedData = {
  ...fullCall,
  outcome: "success",
  durationMs: 2_500,
  headersMs: 300,
  backoffMs: 500,
  timeToFirstTokenMs: 400,
  attempts: [
    { result: "429", durationMs: 20 },
    { result: "ok", durationMs: 300 },
  ],
  httpStatus: 200,
  responseId: "chatcmpl-1",
  responseModel: "gpt-4o-2024-08-06",
  finishReasons: ["stop", "length"],
  toolCallsCount: 0,
  serviceTier: "default",
  systemFingerprint: "fp_1",
  usage: {
    inputTokens: 1000,
    outputTokens: 300,
    cacheReadTokens: 400,
    cacheWriteTokens: 100,
    reasoningTokens: 120,
  },
  cost: {
    totalUsd: 0.0065,
    inputUsd: 0.0035,
    outputUsd: 0.003,
    source: "table",
    tableVersion: "0.1.8",
  },
};

export const plainAnswer: LlmCompletedData = {
  ...plainCall,
  outcome: "success",
  durationMs: 1_000,
  attempts: [{ result: "ok", durationMs: 1_000 }],
  httpStatus: 200,
  finishReasons: ["stop"],
  toolCallsCount: 0,
};

/** An operation that ended in `outcome`, as the event on the bus. */
export function failed(outcome: LlmFailedData["outcome"], errorType: string): TerminalEvent {
  const data: LlmFailedData = {
    ...plainAnswer,
    finishReasons: [],
    outcome,
    errorType,
  };
  return createEvent("llm_request_failed", data, 0);
}

export function completed(data: LlmCompletedData = plainAnswer): TerminalEvent {
  return createEvent("llm_request_completed", data, 0);
}
