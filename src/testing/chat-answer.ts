import type { AnswerBehaviour } from "./behaviour.ts";
import type { ChatRequest } from "./chat-request.ts";

const FILLER =
  "The quick brown fox jumps over the lazy dog and rests in the shade of a tree.".split(" ");
const MAX_FILLER_WORDS = 120;

/** One answer, ready to be sent plain or in chunks. */
export interface ChatAnswer {
  readonly id: string;
  /** Unix epoch in seconds. */
  readonly created: number;
  readonly model: string;
  readonly choiceCount: number;
  readonly finishReason: string;
  readonly text: string;
  readonly toolCall?: ToolCall;
  readonly usage: ReturnType<typeof usageOf>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** Puts together what the behaviour and the request say. */
export function createAnswer(
  behaviour: AnswerBehaviour,
  request: ChatRequest,
  identity: { readonly id: string; readonly created: number },
): ChatAnswer {
  const { toolToCall } = request;
  const toolCall = toolToCall && {
    id: identity.id.replace("chatcmpl", "call"),
    name: toolToCall,
    arguments: behaviour.toolArguments ?? "{}",
  };
  return {
    ...identity,
    model: behaviour.responseModel ?? request.model,
    choiceCount: request.choiceCount,
    finishReason: behaviour.finishReason ?? (toolCall ? "tool_calls" : "stop"),
    text: behaviour.content ?? fillerText(behaviour),
    ...(toolCall && { toolCall }),
    usage: usageOf(behaviour),
  };
}

/** The JSON body of a plain answer. */
export function answerBody(answer: ChatAnswer): object {
  const { toolCall } = answer;
  const message = toolCall
    ? { content: null, tool_calls: [{ id: toolCall.id, ...toolFunction(toolCall) }] }
    : { content: answer.text };
  return {
    ...envelope(answer, "chat.completion"),
    choices: Array.from({ length: answer.choiceCount }, (_, index) => ({
      index,
      message: { role: "assistant", ...message, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: answer.finishReason,
    })),
    usage: answer.usage,
  };
}

/** The fields that plain answers and chunks share. */
export function envelope(answer: ChatAnswer, object: string) {
  const { id, created, model } = answer;
  return {
    id,
    object,
    created,
    model,
    service_tier: "default",
    system_fingerprint: "fp_simulated",
  };
}

function toolFunction(call: ToolCall) {
  return { type: "function", function: { name: call.name, arguments: call.arguments } };
}

function usageOf(behaviour: AnswerBehaviour) {
  const { promptTokens, completionTokens, cachedTokens = 0, reasoningTokens = 0 } = behaviour;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function fillerText({ completionTokens, reasoningTokens = 0 }: AnswerBehaviour): string {
  const words = Math.min(Math.max(completionTokens - reasoningTokens, 0), MAX_FILLER_WORDS);
  return Array.from({ length: words }, (_, word) => FILLER[word % FILLER.length]).join(" ");
}
