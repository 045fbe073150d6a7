import type { ContentFormat } from "./content/content-format.ts";
import { ollamaChatContent, ollamaGenerateContent } from "./content/ollama-content.ts";
import type { OperationName, RequestParameters } from "../events/index.ts";
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
import { ollamaErrorType, ollamaToolCalls, readOllamaUsage } from "./ollama-answer.ts";
import { ollamaStreamReader } from "./ollama-stream.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

interface OllamaApi {
  readonly name: string;
  readonly operation: OperationName;
  readonly path: string;
  /** It answers in a stream unless told not to. */
  readonly streams: boolean;
  /** The field that a request of its own has; other services have an `/api/chat`, too. */
  readonly input: string;
  readonly content?: ContentFormat;
}

/** Ollama's own API (NDJSON); it speaks OpenAI's and Anthropic's formats as well, under `/v1`. */
export const ollamaChat = ollamaReader({
  name: "chat",
  operation: "chat",
  path: "/api/chat",
  streams: true,
  input: "messages",
  content: ollamaChatContent,
});

/** Completion of one prompt. */
export const ollamaGenerate = ollamaReader({
  name: "generate",
  operation: "text_completion",
  path: "/api/generate",
  streams: true,
  input: "prompt",
  content: ollamaGenerateContent,
});

/** Embeddings. The older `/api/embeddings`, which tells no usage, has the path of OpenAI's under another base. */
export const ollamaEmbed = ollamaReader({
  name: "embed",
  operation: "embeddings",
  path: "/api/embed",
  streams: false,
  input: "input",
});

function ollamaReader(api: OllamaApi): WireReader {
  return {
    format: `ollama.${api.name}`,
    provider: "ollama",
    selfHosted: true,
    matches: (method, pathname) => method === "POST" && pathname.endsWith(api.path),
    recognizes(body) {
      const fields = asObject(body) ?? {};
      return asText(fields["model"]) !== undefined && fields[api.input] !== undefined;
    },
    readRequest: (body) => readRequest(api, asObject(body) ?? {}),
    readResponse,
    streamReader: ollamaStreamReader,
    ...(api.content && { content: api.content }),
  };
}

function readRequest(api: OllamaApi, fields: JsonObject): LlmRequest {
  return {
    operation: api.operation,
    ...definedOnly({ model: asText(fields["model"]) }),
    stream: api.streams && fields["stream"] !== false,
    messagesCount: inputsCount(fields[api.input]),
    toolsCount: asArray(fields["tools"]).length,
    parameters: readParameters(fields),
  };
}

/** A list counts by its items, a text as one. */
function inputsCount(input: unknown): number {
  return Array.isArray(input) ? input.length : Number(asText(input) !== undefined);
}

function readParameters(fields: JsonObject): RequestParameters {
  const options = asObject(fields["options"]) ?? {};
  const { stop } = options;
  return definedOnly({
    temperature: asNumber(options["temperature"]),
    topP: asNumber(options["top_p"]),
    topK: asNumber(options["top_k"]),
    // -1 and -2 mean no limit
    maxTokens: asCount(options["num_predict"]),
    frequencyPenalty: asNumber(options["frequency_penalty"]),
    presencePenalty: asNumber(options["presence_penalty"]),
    seed: asNumber(options["seed"]),
    stopSequences: typeof stop === "string" ? [stop] : asTexts(stop),
    // `json` or a schema
    outputType: fields["format"] ? ("json" as const) : undefined,
    reasoningLevel: asText(fields["think"]),
  });
}

function readResponse(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  const doneReason = asText(fields["done_reason"]);
  return {
    finishReasons: doneReason === undefined ? [] : [doneReason],
    toolCallsCount: ollamaToolCalls(fields),
    ...definedOnly({
      model: asText(fields["model"]),
      usage: readOllamaUsage(fields),
      errorType: ollamaErrorType(fields),
    }),
  };
}
