import type { Answer } from "./answer.ts";

/** By then nearly all answers have been read. */
const YOUNG_MS = 250;

/** Everything that can still read an answer holds this; once it is collected, nobody can. */
export interface Hold {
  readonly answer: Answer;
}

/**
 * Ends what is under way when its response was dropped by everybody. An answer is shown to the collector only when it
 * is still being read a while later: what is registered there, with all it refers to, is kept until the next full collection.
 */
export class DroppedAnswers {
  readonly #registry = new FinalizationRegistry<Answer>((answer) => answer.dropped());
  readonly #young = new Map<Answer, Hold>();
  /** One timer for all: each would keep the context of the call that it was set in. */
  #timed = false;

  watch(hold: Hold): void {
    this.#young.set(hold.answer, hold);
    if (this.#timed) return;
    this.#timed = true;
    setTimeout(() => this.#register(), YOUNG_MS).unref();
  }

  /** The answer is over. */
  forget(answer: Answer): void {
    if (!this.#young.delete(answer)) this.#registry.unregister(answer);
  }

  #register(): void {
    this.#timed = false;
    for (const [answer, hold] of this.#young) {
      if (!answer.over) this.#registry.register(hold, answer, answer);
    }
    this.#young.clear();
  }
}
