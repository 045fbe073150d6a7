/** What a message or a part costs beside its text. Characters. */
const ITEM_COST = 32;

/** What one list of messages may hold. */
export class ContentBudget {
  readonly #maxPartCharacters: number;
  #left: number;
  /** Something was left out or cut off. */
  exceeded = false;

  constructor(maxListCharacters: number, maxPartCharacters: number) {
    this.#left = maxListCharacters;
    this.#maxPartCharacters = maxPartCharacters;
  }

  /** Room for one more message or part; none is left out in silence. */
  takeItem(): boolean {
    if (this.#left <= 0) this.exceeded = true;
    this.#left -= ITEM_COST;
    return !this.exceeded;
  }

  /** What the next text may hold. Characters. */
  get room(): number {
    return Math.max(0, Math.min(this.#maxPartCharacters, this.#left));
  }

  spend(characters: number, isCut: boolean): void {
    this.#left -= characters;
    this.exceeded ||= isCut;
  }
}
