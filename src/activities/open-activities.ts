import type { RunningActivity, RunningScope } from "./running-activity.ts";

/** Most activities end before; asking the garbage collector costs as much as all the rest. */
const YOUNG_MS = 500;

/** The activities under way. Ends those that nobody can go on with: their promise or stream was dropped. */
export class OpenActivities {
  /** With what keeps them from being collected. */
  readonly #young = new Map<RunningActivity, RunningScope>();
  readonly #old = new Set<RunningActivity>();
  readonly #dropped = new FinalizationRegistry<RunningActivity>((running) =>
    running.end({ outcome: "abandoned", errorType: "dropped" }),
  );
  #timer: NodeJS.Timeout | undefined;

  add(running: RunningActivity, scope: RunningScope): void {
    this.#young.set(running, scope);
    // one for all, and only while there are some; it does not keep the process alive
    this.#timer ??= setTimeout(() => this.#age(), YOUNG_MS).unref();
  }

  delete(running: RunningActivity): void {
    if (this.#young.delete(running)) return;
    this.#old.delete(running);
    this.#dropped.unregister(running);
  }

  /** Ends all, as at shutdown. */
  endAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const running of [...this.#old, ...this.#young.keys()]) {
      running.end({ outcome: "abandoned", errorType: "shutdown" });
    }
  }

  #age(): void {
    this.#timer = undefined;
    for (const [running, scope] of this.#young) {
      this.#old.add(running);
      this.#dropped.register(scope, running, running);
    }
    this.#young.clear();
  }
}
