import type { Usage } from "../events/index.ts";
import { geminiErrorType } from "./gemini-error.ts";
import { readGeminiUsage } from "./gemini-usage.ts";
import { asArray, asCount, asObject, asText, definedOnly, type JsonObject } from "./json-fields.ts";
import type { LlmResponse } from "./wire-reader.ts";

/** Candidates that are told apart; Gemini gives at most 8. */
const MAX_CANDIDATES = 128;

/** Kinds of a part that are content whatever is in them; text may be empty. */
const CONTENT_KINDS = ["functionCall", "inlineData", "executableCode", "codeExecutionResult"];

/** A `GenerateContentResponse`, or several that make up one answer. */
export class GeminiAnswer {
  #id: string | undefined;
  #model: string | undefined;
  #usage: Usage | undefined;
  #errorType: string | undefined;
  #blockReason: string | undefined;
  #functionCallsCount = 0;
  #reasoningStreamed: true | undefined;
  contentChunks = 0;
  /** By candidate index; `undefined` while the candidate is under way. */
  readonly #finishReasons: (string | undefined)[] = [];

  get contentStarted(): boolean {
    return this.contentChunks > 0;
  }

  /** Every candidate has come to its end, or the prompt was refused. */
  get complete(): boolean {
    if (this.#blockReason !== undefined) return true;
    return this.#finishReasons.length > 0 && !this.#finishReasons.includes(undefined);
  }

  get failed(): boolean {
    return this.#errorType !== undefined;
  }

  take(part: JsonObject): void {
    this.#id ??= asText(part["responseId"]);
    this.#model ??= asText(part["modelVersion"]);
    this.#errorType ??= geminiErrorType(part);
    this.#blockReason ??= asText(asObject(part["promptFeedback"])?.["blockReason"]);
    this.takeUsage(part);
    let isContent = false;
    for (const candidate of asArray(part["candidates"])) {
      if (this.#takeCandidate(asObject(candidate) ?? {})) isContent = true;
    }
    this.contentChunks += Number(isContent);
  }

  /** Totals so far: the last ones count, they are never added up. */
  takeUsage(part: JsonObject): void {
    this.#usage = readGeminiUsage(part["usageMetadata"]) ?? this.#usage;
  }

  response(): LlmResponse {
    const finished = this.#finishReasons.filter((reason) => reason !== undefined);
    return {
      finishReasons: this.#blockReason === undefined ? finished : [this.#blockReason],
      toolCallsCount: this.#functionCallsCount,
      ...definedOnly({
        id: this.#id,
        model: this.#model,
        usage: this.#usage,
        errorType: this.#errorType,
        reasoningStreamed: this.#reasoningStreamed,
      }),
    };
  }

  /** True if there is content in it. */
  #takeCandidate(candidate: JsonObject): boolean {
    const index = asCount(candidate["index"]) ?? 0;
    if (index >= MAX_CANDIDATES) return false;
    let content = false;
    while (this.#finishReasons.length <= index) this.#finishReasons.push(undefined);
    this.#finishReasons[index] = asText(candidate["finishReason"]) ?? this.#finishReasons[index];
    for (const item of asArray(asObject(candidate["content"])?.["parts"])) {
      const part = asObject(item) ?? {};
      content ||= hasContent(part);
      if (part["thought"] === true) this.#reasoningStreamed = true;
      // arguments that are streamed come in pieces, of which the first has the name
      if (asText(asObject(part["functionCall"])?.["name"]) !== undefined) {
        this.#functionCallsCount += 1;
      }
    }
    return content;
  }
}

function hasContent(part: JsonObject): boolean {
  return asText(part["text"]) !== undefined || CONTENT_KINDS.some((kind) => asObject(part[kind]));
}
