import { geminiContent } from "./content/gemini-content.ts";
import type { RequestParameters } from "../events/index.ts";
import { GeminiAnswer } from "./gemini-answer.ts";
import { geminiStreamReader } from "./gemini-stream.ts";
import {
  asArray,
  asCount,
  asNumber,
  asObject,
  asText,
  asTexts,
  definedOnly,
  type JsonObject,
} from "./json-fields.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

/** `…/models/{model}:generateContent`, of the Gemini API and of Vertex AI alike. */
const PATH = /\/([^/:]+):(generateContent|streamGenerateContent)$/;

/** Gemini's own API; it speaks OpenAI's format as well. */
export const geminiGenerateContent: WireReader = {
  format: "gemini.generate_content",
  provider: "gcp.gen_ai",
  matches: (method, pathname) => method === "POST" && PATH.test(pathname),
  readRequest,
  readResponse,
  streamReader: geminiStreamReader,
  content: geminiContent,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const fields = asObject(body) ?? {};
  const [, model, method] = PATH.exec(pathname) ?? [];
  return {
    operation: "generate_content",
    ...definedOnly({ model }),
    stream: method === "streamGenerateContent",
    messagesCount: asArray(fields["contents"]).length,
    toolsCount: asArray(fields["tools"]).reduce<number>((sum, tool) => sum + toolsIn(tool), 0),
    parameters: readParameters(asObject(fields["generationConfig"]) ?? {}),
  };
}

/** One entry declares several functions, or is a tool of Google's own. */
function toolsIn(tool: unknown): number {
  const declarations = asObject(tool)?.["functionDeclarations"];
  return Array.isArray(declarations) ? declarations.length : 1;
}

function readParameters(config: JsonObject): RequestParameters {
  return definedOnly({
    temperature: asNumber(config["temperature"]),
    topP: asNumber(config["topP"]),
    topK: asNumber(config["topK"]),
    maxTokens: asCount(config["maxOutputTokens"]),
    frequencyPenalty: asNumber(config["frequencyPenalty"]),
    presencePenalty: asNumber(config["presencePenalty"]),
    seed: asNumber(config["seed"]),
    choiceCount: asCount(config["candidateCount"]),
    stopSequences: asTexts(config["stopSequences"]),
    outputType: outputType(config),
    reasoningLevel: asText(asObject(config["thinkingConfig"])?.["thinkingLevel"]),
  });
}

function outputType(config: JsonObject): RequestParameters["outputType"] {
  const modalities = asArray(config["responseModalities"]);
  if (modalities.includes("IMAGE")) return "image";
  if (modalities.includes("AUDIO")) return "speech";
  switch (config["responseMimeType"]) {
    case "application/json":
      return "json";
    case "text/plain":
      return "text";
    default:
      return undefined;
  }
}

/** A stream that was not asked for as server-sent events is one list of the same chunks. */
function readResponse(body: unknown): LlmResponse {
  const answer = new GeminiAnswer();
  for (const part of Array.isArray(body) ? asArray(body) : [body]) {
    answer.take(asObject(part) ?? {});
  }
  return answer.response();
}
