import type { EventOf } from "../../events/index.ts";
import type { LabelLimiter } from "../../redaction/index.ts";
import type { HitlRequests } from "./event-metrics.ts";
import { NamedCounts } from "./named-counts.ts";
import { roundedDuration } from "../../timing/index.ts";

/** What people were asked, and what they decided. */
export class HitlCounts {
  readonly #decisions: NamedCounts<{ count: number }>;
  #requested = 0;
  #decided = 0;
  #timedOut = 0;
  #waitMs = 0;

  constructor(maxNames: number) {
    this.#decisions = new NamedCounts(maxNames, () => ({ count: 0 }));
  }

  get limiter(): LabelLimiter {
    return this.#decisions.limiter;
  }

  request(): void {
    this.#requested += 1;
  }

  decide({ data }: EventOf<"hitl_decision_made">): void {
    this.#decided += 1;
    this.#waitMs += data.waitedMs;
    this.#decisions.of(data.decision).count += 1;
  }

  timeOut(): void {
    this.#timedOut += 1;
  }

  decisions(): Record<string, number> {
    return Object.fromEntries(
      this.#decisions.entries().map(([decision, { count }]) => [decision, count]),
    );
  }

  toRecord(): HitlRequests {
    return {
      requested: this.#requested,
      decided: this.#decided,
      timed_out: this.#timedOut,
      total_wait_ms: roundedDuration(this.#waitMs),
    };
  }
}
