import { asCount, asObject, asText, type JsonObject, parsePayload } from "../json-fields.ts";
import type { ContentStream, HoldLimits, RawMessage, RawPart } from "./content-format.ts";
import { geminiParts, textKind } from "./gemini-parts.ts";
import { heldPart, named, objectsIn } from "./parts.ts";
import { HoldBudget, TextBuffer } from "./text-buffer.ts";

/** Candidates that are told apart; Gemini gives at most 8. */
const MAX_CANDIDATES = 128;
/** Parts of a candidate, texts that follow each other counted as one. */
const MAX_PARTS = 1024;

/** Puts the chunks of an answer together. A chunk may also be given parsed. */
export interface GeminiContentStream extends ContentStream {
  take(chunk: JsonObject): void;
}

export function geminiContentStream(limits: HoldLimits): GeminiContentStream {
  const budget = new HoldBudget(limits);
  const candidates = new Map<number, StreamedCandidate>();

  function take(chunk: JsonObject): void {
    for (const candidate of objectsIn(chunk["candidates"])) {
      const index = asCount(candidate["index"]) ?? 0;
      if (index >= MAX_CANDIDATES) continue;
      const streamed = candidates.get(index) ?? new StreamedCandidate(budget);
      candidates.set(index, streamed);
      streamed.take(candidate);
    }
  }

  return {
    take,
    push(payload) {
      const chunk = parsePayload(payload);
      if (chunk !== undefined) take(chunk);
    },
    messages() {
      const inOrder = [...candidates].toSorted(([a], [b]) => a - b);
      return inOrder.map(([, candidate]) => candidate.message());
    },
  };
}

/** Texts of one kind that follow each other, or a part that came whole. */
type StreamedPart =
  | { readonly kind: "text" | "reasoning"; readonly buffer: TextBuffer }
  | { readonly kind: "whole"; readonly part: RawPart };

class StreamedCandidate {
  readonly #budget: HoldBudget;
  readonly #parts: StreamedPart[] = [];
  #finishReason: string | undefined;

  constructor(budget: HoldBudget) {
    this.#budget = budget;
  }

  take(candidate: JsonObject): void {
    this.#finishReason = asText(candidate["finishReason"]) ?? this.#finishReason;
    for (const part of objectsIn(asObject(candidate["content"])?.["parts"])) this.#takePart(part);
  }

  message(): RawMessage {
    return {
      role: "assistant",
      parts: this.#parts.flatMap((streamed) =>
        streamed.kind === "whole" ? [streamed.part] : heldPart(streamed.buffer, streamed.kind),
      ),
      ...named("finishReason", this.#finishReason),
    };
  }

  #takePart(part: JsonObject): void {
    if (typeof part["text"] === "string") return this.#takeText(part["text"], textKind(part));
    const room = MAX_PARTS - this.#parts.length;
    for (const whole of geminiParts(part).slice(0, room)) {
      this.#parts.push({ kind: "whole", part: whole });
    }
  }

  #takeText(text: string, kind: "text" | "reasoning"): void {
    const last = this.#parts.at(-1);
    if (last?.kind === kind) return last.buffer.append(text);
    if (this.#parts.length >= MAX_PARTS) return;
    const buffer = new TextBuffer(this.#budget);
    buffer.append(text);
    this.#parts.push({ kind, buffer });
  }
}
