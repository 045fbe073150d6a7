import { asArray, asObject, asText, type JsonObject } from "../json-fields.ts";
import type { ContentFormat, RawMessage, RawPart, RawRequest } from "./content-format.ts";
import { openAiChatContentStream } from "./openai-chat-content-stream.ts";
import { openAiInputPart } from "./openai-input-part.ts";
import { openAiTool } from "./openai-tool.ts";
import { blobPart, named, objectsIn, textPart, toolCallPart, toolResponsePart } from "./parts.ts";

/** Content of chat completions. System and developer messages are part of the history here, and stay in it. */
export const openAiChatContent: ContentFormat = {
  readRequest,
  readResponse: (body) => objectsIn(asObject(body)?.["choices"]).map(readChoice),
  stream: openAiChatContentStream,
};

function readRequest(body: unknown): RawRequest {
  const fields = asObject(body) ?? {};
  return {
    messages: objectsIn(fields["messages"]).map(readMessage),
    systemInstructions: [],
    tools: [...objectsIn(fields["tools"]), ...objectsIn(fields["functions"])].map(openAiTool),
  };
}

function readMessage(message: JsonObject): RawMessage {
  const role = asText(message["role"]) ?? "unknown";
  return { role, ...named("name", message["name"]), parts: partsOf(message, role) };
}

function partsOf(message: JsonObject, role: string): readonly RawPart[] {
  const content = contentParts(message["content"]);
  if (role !== "tool" && role !== "function") return [...assistantParts(message), ...content];
  const given = message["content"];
  return [
    toolResponsePart(message["tool_call_id"], given, Array.isArray(given) ? content : undefined),
  ];
}

function contentParts(content: unknown): readonly RawPart[] {
  return typeof content === "string" ? textPart(content) : asArray(content).map(openAiInputPart);
}

function readChoice(choice: JsonObject): RawMessage {
  const message = asObject(choice["message"]) ?? {};
  const audio = asObject(message["audio"]);
  return {
    role: asText(message["role"]) ?? "assistant",
    parts: [
      ...reasoningParts(message),
      ...contentParts(message["content"]),
      ...textPart(message["refusal"]),
      ...textPart(audio?.["transcript"]),
      ...(audio === undefined ? [] : [blobPart(audio["data"], undefined, "audio")]),
      ...toolCalls(message),
    ],
    ...named("finishReason", choice["finish_reason"]),
  };
}

/** What only an earlier answer has, sent back in the history. */
function assistantParts(message: JsonObject): readonly RawPart[] {
  return [...reasoningParts(message), ...textPart(message["refusal"]), ...toolCalls(message)];
}

function reasoningParts(message: JsonObject): readonly RawPart[] {
  return textPart(message["reasoning_content"] ?? message["reasoning"], "reasoning");
}

function toolCalls(message: JsonObject): readonly RawPart[] {
  const calls = objectsIn(message["tool_calls"]).map((call) => {
    const called = asObject(call["function"]) ?? asObject(call["custom"]) ?? {};
    return toolCallPart(call["id"], called["name"], called["arguments"] ?? called["input"]);
  });
  const legacy = asObject(message["function_call"]);
  return legacy === undefined
    ? calls
    : [...calls, toolCallPart(undefined, legacy["name"], legacy["arguments"])];
}
