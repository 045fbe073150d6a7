import { asCount, asObject, asText, type JsonObject, parsePayload } from "../json-fields.ts";
import type { ContentStream, HoldLimits, RawMessage, RawPart } from "./content-format.ts";
import { responseMessages } from "./openai-responses-parts.ts";
import { genericPart, heldPart, toolCallPart } from "./parts.ts";
import { HoldBudget, TextBuffer } from "./text-buffer.ts";

/** Output items that are told apart. */
const MAX_ITEMS = 1024;

/** Puts the events of a streamed response together; the one that ends it has all of it, if it comes. */
export function openAiResponsesContentStream(limits: HoldLimits): ContentStream {
  const budget = new HoldBudget(limits);
  const items = new Map<number, StreamedItem>();
  let whole: readonly RawMessage[] = [];

  function itemAt(index: number): StreamedItem {
    const item = items.get(index) ?? new StreamedItem(budget);
    if (items.size < MAX_ITEMS) items.set(index, item);
    return item;
  }

  function take(event: JsonObject): void {
    const type = asText(event["type"]) ?? "";
    const index = asCount(event["output_index"]) ?? 0;
    if (type === "response.output_item.added") itemAt(index).begin(asObject(event["item"]) ?? {});
    else if (type.endsWith(".delta")) itemAt(index).append(type, event["delta"]);
    else whole = responseMessages(asObject(event["response"]) ?? {});
  }

  return {
    push(payload) {
      // the other events repeat what came before
      if (
        !/"response\.(?:output_item\.added|completed|incomplete|failed|[\w.]+\.delta)"/.test(
          payload,
        )
      )
        return;
      const event = parsePayload(payload);
      if (event !== undefined) take(event);
    },
    messages() {
      if (whole.some(({ parts }) => parts.length > 0)) return whole;
      const inOrder = [...items].toSorted(([a], [b]) => a - b);
      const parts = inOrder.flatMap(([, item]) => item.parts());
      if (parts.length === 0) return whole;
      return [{ role: "assistant", ...whole[0], parts }];
    },
  };
}

class StreamedItem {
  readonly #reasoning: TextBuffer;
  readonly #text: TextBuffer;
  readonly #arguments: TextBuffer;
  #item: JsonObject = { type: "message" };

  constructor(budget: HoldBudget) {
    this.#reasoning = new TextBuffer(budget);
    this.#text = new TextBuffer(budget);
    this.#arguments = new TextBuffer(budget);
  }

  begin(item: JsonObject): void {
    this.#item = item;
  }

  append(type: string, delta: unknown): void {
    switch (type) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        return this.#text.append(delta);
      case "response.reasoning_text.delta":
      case "response.reasoning_summary_text.delta":
        return this.#reasoning.append(delta);
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        return this.#arguments.append(delta);
    }
  }

  parts(): readonly RawPart[] {
    const { type, call_id: id, name } = this.#item;
    const texts = [...heldPart(this.#reasoning, "reasoning"), ...heldPart(this.#text)];
    if (type === "function_call" || type === "custom_tool_call") {
      return [...texts, toolCallPart(id, name, this.#arguments)];
    }
    const isTold = type === undefined || type === "message" || type === "reasoning";
    return isTold ? texts : [...texts, genericPart(type)];
  }
}
