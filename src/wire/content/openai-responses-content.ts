import { asObject, asText, type JsonObject } from "../json-fields.ts";
import type { ContentFormat, RawMessage, RawRequest } from "./content-format.ts";
import { openAiResponsesContentStream } from "./openai-responses-content-stream.ts";
import { responseItemParts, responseMessages } from "./openai-responses-parts.ts";
import { openAiTool } from "./openai-tool.ts";
import { objectsIn, textPart } from "./parts.ts";

/** Content of the Responses API. All items of an answer make up one message: there is one choice. */
export const openAiResponsesContent: ContentFormat = {
  readRequest,
  readResponse: (body) => responseMessages(asObject(body) ?? {}),
  stream: openAiResponsesContentStream,
};

function readRequest(body: unknown): RawRequest {
  const { instructions, input, tools } = asObject(body) ?? {};
  return {
    messages:
      typeof input === "string"
        ? [{ role: "user", parts: textPart(input) }]
        : objectsIn(input).map(readInputItem),
    systemInstructions: textPart(instructions),
    tools: objectsIn(tools).map(openAiTool),
  };
}

function readInputItem(item: JsonObject): RawMessage {
  const role = asText(item["role"]) ?? (isToolOutput(item) ? "tool" : "assistant");
  return { role, parts: responseItemParts(item) };
}

function isToolOutput(item: JsonObject): boolean {
  return asText(item["type"])?.endsWith("_output") === true;
}
