import type { Usage } from "../events/index.ts";
import {
  asArray,
  asObject,
  asText,
  definedOnly,
  parsePayload,
  type JsonObject,
} from "./json-fields.ts";
import { ollamaErrorType, ollamaToolCalls, readOllamaUsage } from "./ollama-answer.ts";
import type { LlmResponse, StreamReader } from "./wire-reader.ts";

/** Lines of a streamed answer. Once content has begun, a line is parsed only if it can say something new. */
export function ollamaStreamReader(): StreamReader {
  return new OllamaStream();
}

class OllamaStream implements StreamReader {
  #model: string | undefined;
  #doneReason: string | undefined;
  #errorType: string | undefined;
  #usage: Usage | undefined;
  #toolCallsCount = 0;
  #done = false;
  contentChunks = 0;

  get contentStarted(): boolean {
    return this.contentChunks > 0;
  }

  get complete(): boolean {
    return this.#done;
  }

  get terminated(): boolean {
    return this.#done || this.#errorType !== undefined;
  }

  push(payload: string): void {
    if (this.contentStarted && isPlainContent(payload)) {
      this.contentChunks += 1;
      return;
    }
    const line = parsePayload(payload);
    if (line !== undefined) this.#take(line);
  }

  response(): LlmResponse {
    return {
      finishReasons: this.#doneReason === undefined ? [] : [this.#doneReason],
      toolCallsCount: this.#toolCallsCount,
      ...definedOnly({
        model: this.#model,
        usage: this.#usage,
        errorType: this.#errorType,
      }),
    };
  }

  #take(line: JsonObject): void {
    this.#model ??= asText(line["model"]);
    this.#doneReason ??= asText(line["done_reason"]);
    this.#usage = readOllamaUsage(line) ?? this.#usage;
    this.#errorType ??= ollamaErrorType(line);
    this.#toolCallsCount += ollamaToolCalls(line);
    this.contentChunks += Number(hasContent(line));
    this.#done ||= line["done"] === true;
  }
}

/**
 * As Ollama prints a line between the first and the last. A quote inside a JSON string is escaped, so a quoted key
 * found here is a real one; a tool call may have a `done` of its own.
 */
function isPlainContent(payload: string): boolean {
  return (
    payload.includes('"done":false') &&
    !payload.includes('"tool_calls"') &&
    !payload.includes('"error"')
  );
}

function hasContent(line: JsonObject): boolean {
  const message = asObject(line["message"]) ?? {};
  return (
    asText(message["content"]) !== undefined ||
    asText(message["thinking"]) !== undefined ||
    asArray(message["tool_calls"]).length > 0 ||
    asText(line["response"]) !== undefined ||
    asText(line["thinking"]) !== undefined
  );
}
