import { errorTypeIn, errorTypeOfEvent } from "./error-code.ts";
import { asObject, asText, type JsonObject, parsePayload } from "./json-fields.ts";
import { isToolCall, readOpenAiResponse } from "./openai-responses-answer.ts";
import type { LlmResponse, StreamReader } from "./wire-reader.ts";

const DONE = "[DONE]";

/** Events that end the response; the response they carry is whole. */
const ENDS: ReadonlySet<unknown> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

/** Events that say something new at any time. A quote inside a JSON string is escaped: content can't look like one. */
const NEWS = /"(?:response\.(?:completed|incomplete|failed|output_item\.added)|error)"/;

/**
 * Events of a streamed response. An event is parsed only if it can say something new: the first one, which names the
 * response, deltas until content begins, new items, errors and the end. All others are just scanned.
 */
export function openAiResponsesStreamReader(): StreamReader {
  return new OpenAiResponsesStream();
}

class OpenAiResponsesStream implements StreamReader {
  /** As the latest event told it. */
  #response: LlmResponse = { finishReasons: [], toolCallsCount: 0 };
  #toolCalls = 0;
  #errorType: string | undefined;
  contentChunks = 0;
  #reasoningStreamed = false;
  #done = false;

  get contentStarted(): boolean {
    return this.contentChunks > 0;
  }

  get complete(): boolean {
    return this.#done;
  }

  get terminated(): boolean {
    return this.#done;
  }

  push(payload: string): void {
    if (payload === DONE) {
      this.#done = true;
      return;
    }
    if (!this.#saysSomethingNew(payload)) {
      if (payload.includes('.delta"')) this.contentChunks += 1;
      return;
    }
    const event = parsePayload(payload);
    if (event !== undefined) this.#take(event);
  }

  response(): LlmResponse {
    const errorType = this.#response.errorType ?? this.#errorType;
    return {
      ...this.#response,
      toolCallsCount: Math.max(this.#response.toolCallsCount, this.#toolCalls),
      ...(errorType !== undefined && { errorType }),
      ...(this.#reasoningStreamed && { reasoningStreamed: true }),
    };
  }

  /** Reasoning, or its summary, comes first. */
  #startContent(type: string): void {
    this.contentChunks += 1;
    this.#reasoningStreamed ||= type.startsWith("response.reasoning");
  }

  #saysSomethingNew(payload: string): boolean {
    if (NEWS.test(payload)) return true;
    if (this.contentStarted) return false;
    return this.#response.id === undefined || payload.includes('.delta"');
  }

  #take(event: JsonObject): void {
    const { type, response } = event;
    if (asObject(response)) this.#response = readOpenAiResponse(response);
    if (ENDS.has(type)) this.#done = true;
    else if (type === "response.output_item.added")
      this.#toolCalls += Number(isToolCall(event["item"]));
    else if (isContent(type, event["delta"])) this.#startContent(type);
    this.#errorType = errorTypeIn(event) ?? errorTypeOfEvent(event) ?? this.#errorType;
  }
}

/** Text, a refusal, arguments of a call, reasoning and its summary, audio: all come as deltas. */
function isContent(type: unknown, delta: unknown): type is string {
  return typeof type === "string" && type.endsWith(".delta") && asText(delta) !== undefined;
}
