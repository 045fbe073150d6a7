import { asArray, asObject, asText, type JsonObject } from "../json-fields.ts";
import type { ContentFormat, RawMessage, RawPart, RawRequest, RawTool } from "./content-format.ts";
import { geminiContentStream } from "./gemini-content-stream.ts";
import { geminiParts } from "./gemini-parts.ts";
import { named, objectsIn } from "./parts.ts";

/** Content of Gemini's `generateContent`. */
export const geminiContent: ContentFormat = {
  readRequest,
  readResponse,
  stream: geminiContentStream,
};

function readRequest(body: unknown): RawRequest {
  const { contents, systemInstruction, tools } = asObject(body) ?? {};
  return {
    messages: objectsIn(contents).map((content) => readContent(content, "user")),
    systemInstructions: partsOf(systemInstruction),
    tools: objectsIn(tools).flatMap(readTools),
  };
}

/** One entry declares several functions, or names tools of Google's own. */
function readTools(tool: JsonObject): readonly RawTool[] {
  const { functionDeclarations, ...others } = tool;
  const functions = objectsIn(functionDeclarations).map((declared) => {
    const parameters = declared["parameters"] ?? declared["parametersJsonSchema"];
    return {
      type: "function",
      ...named("name", declared["name"]),
      ...named("description", declared["description"]),
      ...(parameters !== undefined && { parameters }),
    };
  });
  return [...functions, ...Object.keys(others).map((type) => ({ type }))];
}

function readContent(content: JsonObject, unnamed: string): RawMessage {
  const parts = partsOf(content);
  const role = asText(content["role"]) ?? unnamed;
  const isToolAnswer = parts.length > 0 && parts.every(({ kind }) => kind === "tool_call_response");
  if (isToolAnswer) return { role: "tool", parts };
  return { role: role === "model" ? "assistant" : role, parts };
}

function partsOf(content: unknown): readonly RawPart[] {
  return objectsIn(asObject(content)?.["parts"]).flatMap(geminiParts);
}

/** A stream that was not asked for as server-sent events is one list of chunks. */
function readResponse(body: unknown): readonly RawMessage[] {
  const stream = geminiContentStream({ perPart: Infinity, inAll: Infinity });
  for (const chunk of Array.isArray(body) ? asArray(body) : [body])
    stream.take(asObject(chunk) ?? {});
  return stream.messages();
}
