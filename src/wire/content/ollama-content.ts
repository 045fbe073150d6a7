import { asArray, asObject, asText, type JsonObject, parsePayload } from "../json-fields.ts";
import type {
  ContentFormat,
  ContentStream,
  HoldLimits,
  RawMessage,
  RawPart,
} from "./content-format.ts";
import { openAiTool } from "./openai-tool.ts";
import {
  blobPart,
  heldPart,
  named,
  objectsIn,
  textPart,
  toolCallPart,
  toolResponsePart,
} from "./parts.ts";
import { promptMessages } from "./prompt-messages.ts";
import { HoldBudget, TextBuffer } from "./text-buffer.ts";

/** Tool calls of an answer that are held. */
const MAX_CALLS = 128;

/** Content of Ollama's chat. */
export const ollamaChatContent: ContentFormat = {
  readRequest(body) {
    const { messages, tools } = asObject(body) ?? {};
    return {
      messages: objectsIn(messages).map(readMessage),
      systemInstructions: [],
      tools: objectsIn(tools).map(openAiTool),
    };
  },
  readResponse,
  stream: ollamaContentStream,
};

/** Content of Ollama's completion of one prompt. */
export const ollamaGenerateContent: ContentFormat = {
  readRequest(body) {
    const { prompt, system, images } = asObject(body) ?? {};
    const [message] = promptMessages(prompt);
    const pictures = imageParts(images);
    const parts = [...(message?.parts ?? []), ...pictures];
    return {
      messages: parts.length === 0 ? [] : [{ role: "user", parts }],
      systemInstructions: textPart(system),
      tools: [],
    };
  },
  readResponse,
  stream: ollamaContentStream,
};

function readMessage(message: JsonObject): RawMessage {
  const role = asText(message["role"]) ?? "unknown";
  const content = message["content"];
  if (role === "tool") {
    return {
      role,
      parts: [toolResponsePart(message["tool_call_id"] ?? message["tool_name"], content)],
    };
  }
  return {
    role,
    parts: [
      ...textPart(message["thinking"], "reasoning"),
      ...textPart(content),
      ...imageParts(message["images"]),
      ...toolCalls(message),
    ],
  };
}

function imageParts(images: unknown): readonly RawPart[] {
  return asArray(images).map((data) => blobPart(data, undefined, "image"));
}

function toolCalls(message: JsonObject): readonly RawPart[] {
  return objectsIn(message["tool_calls"]).map((call) => {
    const called = asObject(call["function"]) ?? {};
    return toolCallPart(call["id"], called["name"], called["arguments"]);
  });
}

function readResponse(body: unknown): readonly RawMessage[] {
  const answer = new OllamaAnswer(new HoldBudget({ perPart: Infinity, inAll: Infinity }));
  answer.take(asObject(body) ?? {});
  return answer.messages();
}

/** Puts the lines of a streamed answer together. */
function ollamaContentStream(limits: HoldLimits): ContentStream {
  const answer = new OllamaAnswer(new HoldBudget(limits));
  return {
    push(payload) {
      const line = parsePayload(payload);
      if (line !== undefined) answer.take(line);
    },
    messages: () => answer.messages(),
  };
}

class OllamaAnswer {
  readonly #thinking: TextBuffer;
  readonly #text: TextBuffer;
  readonly #calls: RawPart[] = [];
  #doneReason: string | undefined;
  #begun = false;

  constructor(budget: HoldBudget) {
    this.#thinking = new TextBuffer(budget);
    this.#text = new TextBuffer(budget);
  }

  /** A line, or a whole answer: of a chat, or of a completion, which has no message. */
  take(line: JsonObject): void {
    const message = asObject(line["message"]) ?? line;
    this.#begun ||= line["message"] !== undefined || line["response"] !== undefined;
    this.#thinking.append(message["thinking"]);
    this.#text.append(message["content"] ?? line["response"]);
    const room = MAX_CALLS - this.#calls.length;
    this.#calls.push(...toolCalls(message).slice(0, room));
    this.#doneReason ??= asText(line["done_reason"]);
  }

  messages(): readonly RawMessage[] {
    if (!this.#begun) return [];
    return [
      {
        role: "assistant",
        parts: [...heldPart(this.#thinking, "reasoning"), ...heldPart(this.#text), ...this.#calls],
        ...named("finishReason", this.#doneReason),
      },
    ];
  }
}
