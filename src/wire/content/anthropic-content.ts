import { asObject, asText, type JsonObject } from "../json-fields.ts";
import { anthropicContentStream } from "./anthropic-content-stream.ts";
import { anthropicContentParts } from "./anthropic-parts.ts";
import type { ContentFormat, RawMessage, RawRequest, RawTool } from "./content-format.ts";
import { named, objectsIn } from "./parts.ts";

/** Content of Anthropic's messages. */
export const anthropicContent: ContentFormat = {
  readRequest,
  readResponse: (body) => answer(asObject(body) ?? {}),
  stream: anthropicContentStream,
};

function readRequest(body: unknown): RawRequest {
  const { messages, system, tools } = asObject(body) ?? {};
  return {
    messages: objectsIn(messages).map(readMessage),
    systemInstructions: anthropicContentParts(system),
    tools: objectsIn(tools).map(readTool),
  };
}

function readTool(tool: JsonObject): RawTool {
  const type = asText(tool["type"]) ?? "function";
  return {
    // what the application is to run is a function, in whichever words
    type: type === "custom" ? "function" : type,
    ...named("name", tool["name"]),
    ...named("description", tool["description"]),
    ...(tool["input_schema"] !== undefined && { parameters: tool["input_schema"] }),
  };
}

function readMessage(message: JsonObject): RawMessage {
  const parts = anthropicContentParts(message["content"]);
  const isToolAnswer = parts.length > 0 && parts.every(({ kind }) => kind === "tool_call_response");
  const role = isToolAnswer ? "tool" : (asText(message["role"]) ?? "unknown");
  return { role, parts };
}

function answer(message: JsonObject): readonly RawMessage[] {
  if (!Array.isArray(message["content"])) return [];
  return [
    {
      role: asText(message["role"]) ?? "assistant",
      parts: anthropicContentParts(message["content"]),
      ...named("finishReason", message["stop_reason"]),
    },
  ];
}
