import { asCount, asObject, asText, type JsonObject, parsePayload } from "../json-fields.ts";
import { anthropicParts } from "./anthropic-parts.ts";
import type { ContentStream, HoldLimits, RawMessage, RawPart } from "./content-format.ts";
import { heldPart, named, toolCallPart } from "./parts.ts";
import { HoldBudget, TextBuffer } from "./text-buffer.ts";

/** Blocks that are told apart. */
const MAX_BLOCKS = 1024;

/** Puts the events of a streamed message together. */
export function anthropicContentStream(limits: HoldLimits): ContentStream {
  return new AnthropicContentStream(limits);
}

class AnthropicContentStream implements ContentStream {
  readonly #budget: HoldBudget;
  readonly #blocks = new Map<number, StreamedBlock>();
  #role: string | undefined;
  #stopReason: string | undefined;
  #begun = false;

  constructor(limits: HoldLimits) {
    this.#budget = new HoldBudget(limits);
  }

  push(payload: string): void {
    const event = parsePayload(payload);
    if (event === undefined) return;
    const delta = asObject(event["delta"]) ?? {};
    switch (event["type"]) {
      case "message_start":
        this.#begun = true;
        this.#role = asText(asObject(event["message"])?.["role"]);
        return;
      case "content_block_start":
        return this.#blockAt(event)?.begin(asObject(event["content_block"]) ?? {});
      case "content_block_delta":
        return this.#blockAt(event)?.append(delta);
      case "message_delta":
        this.#stopReason = asText(delta["stop_reason"]) ?? this.#stopReason;
    }
  }

  messages(): readonly RawMessage[] {
    if (!this.#begun && this.#blocks.size === 0) return [];
    const inOrder = [...this.#blocks].toSorted(([a], [b]) => a - b);
    return [
      {
        role: this.#role ?? "assistant",
        parts: inOrder.flatMap(([, block]) => block.parts()),
        ...named("finishReason", this.#stopReason),
      },
    ];
  }

  #blockAt(event: JsonObject): StreamedBlock | undefined {
    const index = asCount(event["index"]) ?? 0;
    if (index >= MAX_BLOCKS) return undefined;
    const block = this.#blocks.get(index) ?? new StreamedBlock(this.#budget);
    this.#blocks.set(index, block);
    return block;
  }
}

class StreamedBlock {
  readonly #text: TextBuffer;
  readonly #thinking: TextBuffer;
  readonly #input: TextBuffer;
  #block: JsonObject = { type: "text" };

  constructor(budget: HoldBudget) {
    this.#text = new TextBuffer(budget);
    this.#thinking = new TextBuffer(budget);
    this.#input = new TextBuffer(budget);
  }

  begin(block: JsonObject): void {
    this.#block = block;
    this.append(block);
  }

  append(delta: JsonObject): void {
    this.#text.append(delta["text"]);
    this.#thinking.append(delta["thinking"]);
    this.#input.append(delta["partial_json"]);
  }

  parts(): readonly RawPart[] {
    const { type, id, name } = this.#block;
    if (type === "text" || type === "thinking") {
      return [...heldPart(this.#thinking, "reasoning"), ...heldPart(this.#text)];
    }
    // the input of a call begins as an empty object, and comes as text
    return this.#input.isEmpty
      ? anthropicParts(this.#block)
      : [toolCallPart(id, name, this.#input)];
  }
}
