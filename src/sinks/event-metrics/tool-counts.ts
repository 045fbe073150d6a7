import type { ActivityOutcome } from "../../events/index.ts";
import type { ToolExecutions } from "./event-metrics.ts";
import { roundedDuration } from "../../timing/index.ts";

/** The executions of one tool, or of all. */
export class ToolCounts {
  #requested = 0;
  #approvalRequired = 0;
  #started = 0;
  #completed = 0;
  #failed = 0;
  #durationMs = 0;

  request(): void {
    this.#requested += 1;
  }

  requireApproval(): void {
    this.#approvalRequired += 1;
  }

  start(): void {
    this.#started += 1;
  }

  end(outcome: ActivityOutcome, durationMs: number): void {
    if (outcome === "success") this.#completed += 1;
    else this.#failed += 1;
    this.#durationMs += durationMs;
  }

  /** `undefined` before the first execution has ended. */
  successRate(): number | undefined {
    const count = this.#completed + this.#failed;
    return count === 0 ? undefined : this.#completed / count;
  }

  toRecord(): ToolExecutions {
    return {
      requested: this.#requested,
      approval_required: this.#approvalRequired,
      started: this.#started,
      completed: this.#completed,
      failed: this.#failed,
      total_duration_ms: roundedDuration(this.#durationMs),
    };
  }
}
