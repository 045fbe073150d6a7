import type { Usage } from "../events/index.ts";
import { errorTypeIn } from "./error-code.ts";
import {
  asArray,
  asCount,
  asObject,
  asText,
  definedOnly,
  parsePayload,
  type JsonObject,
} from "./json-fields.ts";
import { readOpenAiUsage } from "./openai-usage.ts";
import type { LlmResponse, StreamReader } from "./wire-reader.ts";

const DONE = "[DONE]";
/** Choices that are told apart; a provider's `n` is at most 128. */
const MAX_CHOICES = 1024;

/**
 * Chunks of a streamed chat completion, or of a legacy one. A chunk is parsed only if it can say something new: the
 * first ones, until content begins, and those with a finish reason, usage, a tool's name or an error. All others are
 * just scanned.
 */
export function openAiChatStreamReader(): StreamReader {
  return new OpenAiChatStream();
}

class OpenAiChatStream implements StreamReader {
  #id: string | undefined;
  #model: string | undefined;
  #serviceTier: string | undefined;
  #systemFingerprint: string | undefined;
  #usage: Usage | undefined;
  #errorType: string | undefined;
  #reasoningStreamed: true | undefined;
  #done = false;
  contentChunks = 0;
  /** By choice index; `undefined` while the choice is under way. */
  readonly #finishReasons: (string | undefined)[] = [];
  readonly #toolCalls = new Set<string>();

  get contentStarted(): boolean {
    return this.contentChunks > 0;
  }

  get complete(): boolean {
    if (this.#done) return true;
    return this.#finishReasons.length > 0 && !this.#finishReasons.includes(undefined);
  }

  get terminated(): boolean {
    return this.#done;
  }

  push(payload: string): void {
    if (payload === DONE) {
      this.#done = true;
      return;
    }
    if (this.contentStarted && !saysSomethingNew(payload)) {
      this.contentChunks += 1;
      return;
    }
    const chunk = parsePayload(payload);
    if (chunk !== undefined) this.#take(chunk);
  }

  response(): LlmResponse {
    return {
      finishReasons: this.#finishReasons.filter((reason) => reason !== undefined),
      toolCallsCount: this.#toolCalls.size,
      ...definedOnly({
        openChoices: this.#openChoices(),
        reasoningStreamed: this.#reasoningStreamed,
        id: this.#id,
        model: this.#model,
        usage: this.#usage,
        serviceTier: this.#serviceTier,
        systemFingerprint: this.#systemFingerprint,
        errorType: this.#errorType,
      }),
    };
  }

  #openChoices(): readonly number[] | undefined {
    const open = [...this.#finishReasons.keys()].filter(
      (at) => this.#finishReasons[at] === undefined,
    );
    return open.length === 0 ? undefined : open;
  }

  #take(chunk: JsonObject): void {
    this.#id ??= asText(chunk["id"]);
    this.#model ??= asText(chunk["model"]);
    this.#systemFingerprint ??= asText(chunk["system_fingerprint"]);
    this.#serviceTier = asText(chunk["service_tier"]) ?? this.#serviceTier;
    // some servers send running totals with every chunk: the last one counts, they are never added up
    this.#usage = readOpenAiUsage(chunk["usage"]) ?? this.#usage;
    this.#errorType = errorTypeIn(chunk) ?? this.#errorType;
    let isContent = false;
    for (const choice of asArray(chunk["choices"])) {
      if (this.#takeChoice(asObject(choice) ?? {})) isContent = true;
    }
    this.contentChunks += Number(isContent);
  }

  /** True if there is content in it. */
  #takeChoice(choice: JsonObject): boolean {
    const index = asCount(choice["index"]) ?? 0;
    if (index >= MAX_CHOICES) return false;
    while (this.#finishReasons.length <= index) this.#finishReasons.push(undefined);
    this.#finishReasons[index] = asText(choice["finish_reason"]) ?? this.#finishReasons[index];
    const delta = asObject(choice["delta"]) ?? {};
    if (hasReasoning(delta)) this.#reasoningStreamed = true;
    for (const call of asArray(delta["tool_calls"])) {
      if (this.#toolCalls.size >= MAX_CHOICES) break;
      this.#toolCalls.add(`${index}:${asCount(asObject(call)?.["index"]) ?? 0}`);
    }
    return hasContent(delta) || asText(choice["text"]) !== undefined;
  }
}

function hasContent(delta: JsonObject): boolean {
  return (
    asText(delta["content"]) !== undefined ||
    asText(delta["refusal"]) !== undefined ||
    hasReasoning(delta) ||
    asArray(delta["tool_calls"]).length > 0 ||
    asObject(delta["function_call"]) !== undefined ||
    asObject(delta["audio"]) !== undefined
  );
}

/** Of other providers than OpenAI. */
function hasReasoning(delta: JsonObject): boolean {
  return (
    asText(delta["reasoning_content"]) !== undefined || asText(delta["reasoning"]) !== undefined
  );
}

/** What no usual chunk has: one search for all of it takes a fifth of the time that one for each takes. */
const MAY_SAY_MORE =
  /"(?:(?:finish_reason|usage|error)"[:\t\n\r ]*(?![:\t\n\r ]|null)|tool_calls")/;

/** A quote inside a JSON string is escaped, so a quoted key found here is a real one. */
function saysSomethingNew(payload: string): boolean {
  if (!MAY_SAY_MORE.test(payload)) return false;
  return (
    hasValue(payload, '"finish_reason"') ||
    hasValue(payload, '"usage"') ||
    hasValue(payload, '"error"') ||
    (payload.includes('"tool_calls"') && payload.includes('"name"'))
  );
}

/** True if `key` is there at least once with a value that is not `null`. */
function hasValue(payload: string, key: string): boolean {
  for (let at = payload.indexOf(key); at !== -1; at = payload.indexOf(key, at)) {
    at += key.length;
    while (isBetweenKeyAndValue(payload.charCodeAt(at))) at += 1;
    if (!payload.startsWith("null", at)) return true;
  }
  return false;
}

function isBetweenKeyAndValue(code: number): boolean {
  return code === 58 /* : */ || code === 32 || code === 9 || code === 10 || code === 13;
}
