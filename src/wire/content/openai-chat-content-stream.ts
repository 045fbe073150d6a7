import { asCount, asObject, asText, type JsonObject, parsePayload } from "../json-fields.ts";
import type { ContentStream, HoldLimits, RawMessage, RawPart } from "./content-format.ts";
import { heldPart, named, objectsIn, toolCallPart } from "./parts.ts";
import { PayloadShape } from "./payload-shape.ts";
import { HoldBudget, TextBuffer } from "./text-buffer.ts";

/** Choices, and tool calls of a choice, that are told apart; a provider's `n` is at most 128. */
const MAX_INDEX = 128;

/** Shapes that are tried in a row to no avail: a stream whose chunks are never alike is just parsed. */
const MAX_TRIES = 8;

/** The shape of a chunk that said some more of one choice's text, and nothing else. */
interface Repeated {
  readonly shape: PayloadShape;
  readonly choice: StreamedChoice;
}

/** Puts the chunks of a chat completion together, or of a legacy one, in whatever order choices and calls come. */
export function openAiChatContentStream(limits: HoldLimits): ContentStream {
  const budget = new HoldBudget(limits);
  const choices = new Map<number, StreamedChoice>();
  let repeated: Repeated | undefined;
  let triesLeft = MAX_TRIES;

  function take(choice: JsonObject): StreamedChoice | undefined {
    const index = asCount(choice["index"]) ?? 0;
    if (index >= MAX_INDEX) return undefined;
    const streamed = choices.get(index) ?? new StreamedChoice(budget);
    choices.set(index, streamed);
    streamed.take(choice);
    return streamed;
  }

  /** `given` are the choices in `payload`. */
  function takeAll(given: readonly JsonObject[], payload: string): void {
    for (const choice of given) {
      const streamed = take(choice);
      if (streamed === undefined || given.length > 1 || triesLeft === 0 || !isTextAlone(choice)) {
        continue;
      }
      const shape = PayloadShape.of(payload, "content", "obfuscation");
      // the text that was found has to be the one that was parsed
      const isRight = shape?.textIn(payload) === asObject(choice["delta"])?.["content"];
      repeated = shape && isRight ? { shape, choice: streamed } : undefined;
      triesLeft -= 1;
    }
  }

  return {
    push(payload) {
      const text = repeated?.shape.textIn(payload);
      if (repeated === undefined || text === undefined) {
        return takeAll(objectsIn(parsePayload(payload)?.["choices"]), payload);
      }
      repeated.choice.takeText(text);
      triesLeft = MAX_TRIES;
    },
    messages() {
      const inOrder = [...choices].toSorted(([a], [b]) => a - b);
      return inOrder.map(([, choice]) => choice.message());
    },
  };
}

/** True if a chunk with the like of it says nothing but its text. */
function isTextAlone(choice: JsonObject): boolean {
  const delta = asObject(choice["delta"]) ?? {};
  if (typeof delta["content"] !== "string") return false;
  const more = [choice["finish_reason"], choice["text"]];
  for (const name of Object.keys(delta)) {
    // a role is told once
    if (name !== "content" && name !== "role") more.push(delta[name]);
  }
  return more.every((value) => value === undefined || value === null);
}

class StreamedChoice {
  readonly #budget: HoldBudget;
  readonly #reasoning: TextBuffer;
  readonly #text: TextBuffer;
  readonly #refusal: TextBuffer;
  readonly #calls = new Map<number, StreamedCall>();
  #role: string | undefined;
  #finishReason: string | undefined;

  constructor(budget: HoldBudget) {
    this.#budget = budget;
    this.#reasoning = new TextBuffer(budget);
    this.#text = new TextBuffer(budget);
    this.#refusal = new TextBuffer(budget);
  }

  take(choice: JsonObject): void {
    const delta = asObject(choice["delta"]) ?? {};
    this.#role ??= asText(delta["role"]);
    this.#finishReason = asText(choice["finish_reason"]) ?? this.#finishReason;
    this.#reasoning.append(delta["reasoning_content"] ?? delta["reasoning"]);
    this.#text.append(delta["content"]);
    // of a legacy completion
    this.#text.append(choice["text"]);
    this.#text.append(asObject(delta["audio"])?.["transcript"]);
    this.#refusal.append(delta["refusal"]);
    for (const call of objectsIn(delta["tool_calls"])) {
      this.#takeCall(asCount(call["index"]) ?? 0, call["id"], asObject(call["function"]));
    }
    this.#takeCall(0, undefined, asObject(delta["function_call"]));
  }

  takeText(text: string): void {
    this.#text.append(text);
  }

  message(): RawMessage {
    return {
      role: this.#role ?? "assistant",
      parts: [
        ...heldPart(this.#reasoning, "reasoning"),
        ...heldPart(this.#text),
        ...heldPart(this.#refusal),
        ...this.#callParts(),
      ],
      ...named("finishReason", this.#finishReason),
    };
  }

  #takeCall(index: number, id: unknown, called: JsonObject | undefined): void {
    if (called === undefined || index >= MAX_INDEX) return;
    const call = this.#calls.get(index) ?? { arguments: new TextBuffer(this.#budget) };
    this.#calls.set(index, call);
    call.id ??= asText(id);
    call.name ??= asText(called["name"]);
    call.arguments.append(called["arguments"]);
  }

  #callParts(): readonly RawPart[] {
    const inOrder = [...this.#calls].toSorted(([a], [b]) => a - b);
    return inOrder.map(([, call]) => toolCallPart(call.id, call.name, call.arguments));
  }
}

interface StreamedCall {
  id?: string | undefined;
  name?: string | undefined;
  readonly arguments: TextBuffer;
}
