import type { ActivityOutcome } from "../../events/index.ts";
import type { AgentProcessing } from "./event-metrics.ts";
import { roundedDuration } from "../../timing/index.ts";

/** The runs of one agent, or of all. */
export class AgentCounts {
  #started = 0;
  #completed = 0;
  #failed = 0;
  #durationMs = 0;

  start(): void {
    this.#started += 1;
  }

  end(outcome: ActivityOutcome, durationMs: number): void {
    if (outcome === "success") this.#completed += 1;
    else this.#failed += 1;
    this.#durationMs += durationMs;
  }

  /** `undefined` before the first run has ended. Milliseconds. */
  averageDurationMs(): number | undefined {
    const count = this.#completed + this.#failed;
    return count === 0 ? undefined : roundedDuration(this.#durationMs / count);
  }

  toRecord(): AgentProcessing {
    return {
      started: this.#started,
      count: this.#completed + this.#failed,
      completed: this.#completed,
      failed: this.#failed,
      total_duration_ms: roundedDuration(this.#durationMs),
    };
  }
}
