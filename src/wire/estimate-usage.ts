import type { Usage } from "../events/index.ts";
import { promptTextWeight, streamedTextScale } from "./text-weight.ts";
import type { LlmRequest, LlmResponse, StreamReader, WireReader } from "./wire-reader.ts";

/** By count of `o200k_base` on prose in six languages, see `docs/conventions.md`. */
const WEIGHT_PER_TOKEN = 4;

/** What a chat format puts around each message. */
const TOKENS_PER_MESSAGE = 4;

/** Input tokens by the request's text; what its media cost is not in it. */
export function estimateInputTokens(
  request: Pick<LlmRequest, "messagesCount">,
  body: unknown,
): number {
  return tokensOf(promptTextWeight(body)) + request.messagesCount * TOKENS_PER_MESSAGE;
}

/**
 * The reader, whose streams have an estimate of what they don't tell of their usage, once content has begun. As it is
 * for a format that streams no text.
 */
export function estimatingReader(reader: WireReader, inputTokens: number): WireReader {
  const weigh = streamedTextScale(reader.format);
  if (weigh === undefined) return reader;
  return { ...reader, streamReader: () => estimating(reader.streamReader(), weigh, inputTokens) };
}

function estimating(
  stream: StreamReader,
  weigh: (payload: string) => number,
  inputTokens: number,
): StreamReader {
  let weight = 0;
  return {
    push(payload) {
      stream.push(payload);
      weight += weigh(payload);
    },
    get contentStarted() {
      return stream.contentStarted;
    },
    get contentChunks() {
      return stream.contentChunks;
    },
    get complete() {
      return stream.complete;
    },
    get terminated() {
      return stream.terminated;
    },
    response(): LlmResponse {
      const response = stream.response();
      if (!stream.contentStarted) return response;
      const outputTokens = tokensOf(weight);
      return { ...response, ...withEstimates(response.usage, { inputTokens, outputTokens }) };
    },
  };
}

/** What was told stays. */
function withEstimates(
  told: Usage | undefined,
  estimates: { readonly inputTokens: number; readonly outputTokens: number },
): { readonly usage: Usage } | undefined {
  const input = told?.inputTokens === undefined;
  const output = told?.outputTokens === undefined;
  if (!input && !output) return undefined;
  const estimated = input && output ? "all" : input ? "input" : "output";
  return { usage: { ...estimates, ...told, estimated } };
}

function tokensOf(weight: number): number {
  return Math.ceil(weight / WEIGHT_PER_TOKEN);
}
