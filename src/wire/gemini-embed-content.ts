import { geminiErrorType } from "./gemini-error.ts";
import { geminiStreamReader } from "./gemini-stream.ts";
import { readGeminiUsage } from "./gemini-usage.ts";
import { asArray, asCount, asObject, definedOnly, parseObject } from "./json-fields.ts";
import type { LlmRequest, LlmResponse, WireReader } from "./wire-reader.ts";

/** `…/models/{model}:embedContent`, of the Gemini API and of Vertex AI alike. */
const PATH = /\/([^/:]+):(embedContent|batchEmbedContents)$/;

/** Vectors, which are nearly all of an answer: numbers, so no `]` is in them. */
const VECTORS = /"values"\s*:\s*\[[^\]]*\]/g;

/** Gemini's embeddings, of one content or of several. Vectors are never looked at. */
export const geminiEmbedContent: WireReader = {
  format: "gemini.embed_content",
  provider: "gcp.gen_ai",
  matches: (method, pathname) => method === "POST" && PATH.test(pathname),
  recognizes: (body) => contentsOf(body).length > 0,
  readRequest,
  readResponse,
  readResponseText,
  // embeddings are not streamed
  streamReader: geminiStreamReader,
};

function readRequest(body: unknown, pathname: string): LlmRequest {
  const [, model] = PATH.exec(pathname) ?? [];
  const contents = contentsOf(body);
  const first = asObject(contents[0]) ?? {};
  // Vertex AI has the parameters in an object of their own
  const config = asObject(first["embedContentConfig"]) ?? first;
  return {
    operation: "embeddings",
    ...definedOnly({ model }),
    stream: false,
    messagesCount: contents.length,
    toolsCount: 0,
    parameters: definedOnly({ dimensionCount: asCount(config["outputDimensionality"]) }),
  };
}

/** What is to be embedded, each with its parameters: a batch holds a list of the same requests. */
function contentsOf(body: unknown): readonly unknown[] {
  const fields = asObject(body) ?? {};
  if (Array.isArray(fields["requests"])) return asArray(fields["requests"]);
  return asObject(fields["content"]) === undefined ? [] : [fields];
}

/** The older models tell no usage. */
function readResponse(body: unknown): LlmResponse {
  const fields = asObject(body) ?? {};
  const inputTokens = readGeminiUsage(fields["usageMetadata"])?.inputTokens;
  return {
    finishReasons: [],
    toolCallsCount: 0,
    ...definedOnly({
      usage: inputTokens === undefined ? undefined : { inputTokens },
      errorType: geminiErrorType(fields),
    }),
  };
}

/** Reads what is around the vectors. */
function readResponseText(text: string): LlmResponse | undefined {
  const around = parseObject(text.replaceAll(VECTORS, '"values":[]'));
  return around && readResponse(around);
}
