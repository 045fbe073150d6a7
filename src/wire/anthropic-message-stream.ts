import { readAnthropicUsage } from "./anthropic-usage.ts";
import { errorCodeOf } from "./error-code.ts";
import {
  asCount,
  asObject,
  asText,
  definedOnly,
  parsePayload,
  type JsonObject,
} from "./json-fields.ts";
import type { LlmResponse, StreamReader } from "./wire-reader.ts";

/** How a delta begins, which is most of the stream; printed differently it is parsed like any other event. */
const DELTA_STARTS = ['{"type":"content_block_delta"', '{"type": "content_block_delta"'];

/** Tool calls that are told apart. */
const MAX_TOOL_CALLS = 1024;

/** Events of a streamed message. Once content has begun, the deltas are only looked at, all other events are parsed. */
export function anthropicMessageStreamReader(): StreamReader {
  return new AnthropicMessageStream();
}

class AnthropicMessageStream implements StreamReader {
  #id: string | undefined;
  #model: string | undefined;
  #stopReason: string | undefined;
  #errorType: string | undefined;
  #usage: JsonObject | undefined;
  #reasoningStreamed: true | undefined;
  #stopped = false;
  contentChunks = 0;
  readonly #toolBlocks = new Set<number>();

  get contentStarted(): boolean {
    return this.contentChunks > 0;
  }

  get complete(): boolean {
    return this.#stopped;
  }

  get terminated(): boolean {
    return this.#stopped || this.#errorType !== undefined;
  }

  push(payload: string): void {
    if (this.contentStarted && DELTA_STARTS.some((start) => payload.startsWith(start))) {
      this.contentChunks += 1;
      return;
    }
    const event = parsePayload(payload);
    if (event !== undefined) this.#take(event);
  }

  response(): LlmResponse {
    return {
      finishReasons: this.#stopReason === undefined ? [] : [this.#stopReason],
      toolCallsCount: this.#toolBlocks.size,
      ...definedOnly({
        id: this.#id,
        model: this.#model,
        usage: readAnthropicUsage(this.#usage),
        serviceTier: asText(this.#usage?.["service_tier"]),
        errorType: this.#errorType,
        reasoningStreamed: this.#reasoningStreamed,
      }),
    };
  }

  #take(event: JsonObject): void {
    switch (event["type"]) {
      case "message_start":
        return this.#start(asObject(event["message"]) ?? {});
      case "content_block_start":
        return this.#startBlock(event);
      case "content_block_delta":
        this.contentChunks += Number(hasContent(asObject(event["delta"]) ?? {}));
        return;
      case "message_delta":
        this.#stopReason = asText(asObject(event["delta"])?.["stop_reason"]) ?? this.#stopReason;
        return this.#addUsage(event["usage"]);
      case "message_stop":
        this.#stopped = true;
        return;
      case "error":
        this.#errorType = errorCodeOf(event["error"]) ?? "_OTHER";
    }
  }

  #start(message: JsonObject): void {
    this.#id = asText(message["id"]);
    this.#model = asText(message["model"]);
    // what it says of the output is a placeholder: the count comes with the last message_delta
    const { output_tokens: _placeholder, ...usage } = asObject(message["usage"]) ?? {};
    this.#addUsage(usage);
  }

  #startBlock(event: JsonObject): void {
    const block = asObject(event["content_block"]) ?? {};
    const kind = block["type"];
    if (kind === "tool_use" && this.#toolBlocks.size < MAX_TOOL_CALLS) {
      this.#toolBlocks.add(asCount(event["index"]) ?? 0);
    }
    // text and thinking begin empty; any other block is content itself
    const isContent = (kind !== "text" && kind !== "thinking") || hasContent(block);
    this.contentChunks += Number(isContent);
    if (kind === "thinking") this.#reasoningStreamed = true;
  }

  /** Totals so far; `null` keeps what was said before. */
  #addUsage(value: unknown): void {
    const told = Object.entries(asObject(value) ?? {}).filter(([, count]) => count !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
  }
}

function hasContent(delta: JsonObject): boolean {
  return (
    asText(delta["text"]) !== undefined ||
    asText(delta["thinking"]) !== undefined ||
    asText(delta["partial_json"]) !== undefined
  );
}
