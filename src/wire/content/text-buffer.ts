import type { HoldLimits, RawText } from "./content-format.ts";

/** What all buffers of one answer may hold together. */
export class HoldBudget {
  readonly perPart: number;
  left: number;

  constructor({ perPart, inAll }: HoldLimits) {
    this.perPart = perPart;
    this.left = inAll;
  }
}

/** A text that comes in pieces, of which the first ones are held. */
export class TextBuffer {
  readonly #budget: HoldBudget;
  #text = "";
  #length = 0;

  constructor(budget: HoldBudget) {
    this.#budget = budget;
  }

  append(piece: unknown): void {
    if (typeof piece !== "string") return;
    // what comes after a gap would read as if nothing was missing
    const isWhole = this.#text.length === this.#length;
    this.#length += piece.length;
    const room = Math.min(this.#budget.perPart - this.#text.length, this.#budget.left);
    if (!isWhole || room <= 0) return;
    const held = piece.length > room ? piece.slice(0, room) : piece;
    this.#text += held;
    this.#budget.left -= held.length;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get text(): RawText {
    return this.#text.length === this.#length
      ? this.#text
      : { text: this.#text, length: this.#length };
  }
}
