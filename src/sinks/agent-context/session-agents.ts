import type { ActivityOutcome } from "../../events/index.ts";
import type { AgentRun, CurrentAgent } from "./agent-context.ts";

/** Runs that are kept of one session. */
const MAX_RUNS = 32;

interface Run {
  /** Id of the event that it started with. */
  readonly id: string;
  readonly agent: string;
  readonly from: string | undefined;
  readonly startedAt: number;
  endedAt: number | undefined;
  outcome: ActivityOutcome | undefined;
}

/** The agents of one session. A run whose end never comes, as it was lost on its way, is forgotten with the oldest. */
export class SessionAgents {
  /** In the order in which they began. */
  readonly #runs: Run[] = [];
  #lastEnded: Run | undefined;
  #lastActivity: number;
  /** Who hands over to whom next. */
  #switch: { readonly from: string; readonly to: string } | undefined;

  constructor(atMs: number) {
    this.#lastActivity = atMs;
  }

  touch(atMs: number): void {
    if (atMs > this.#lastActivity) this.#lastActivity = atMs;
  }

  switched(from: string, to: string): void {
    this.#switch = { from, to };
  }

  started(id: string, agent: string, startedAt: number): void {
    const from = this.#switch?.to === agent ? this.#switch.from : undefined;
    this.#switch = undefined;
    this.#runs.push({ id, agent, from, startedAt, endedAt: undefined, outcome: undefined });
    if (this.#runs.length > MAX_RUNS) this.#runs.shift();
  }

  ended(startedId: string | undefined, endedAt: number, outcome: ActivityOutcome): void {
    const run = this.#runs.findLast(({ id }) => id === startedId);
    if (run === undefined) return;
    run.endedAt = endedAt;
    run.outcome = outcome;
    this.#lastEnded = run;
  }

  current(): CurrentAgent | undefined {
    const running = this.#runs.findLast(({ endedAt }) => endedAt === undefined);
    const run = running ?? this.#lastEnded;
    if (run === undefined) return undefined;
    const { agent, startedAt: since } = run;
    return { agent, running: running !== undefined, since, lastActivity: this.#lastActivity };
  }

  history(): AgentRun[] {
    return this.#runs.map(({ agent, from, startedAt, endedAt, outcome }) => ({
      agent,
      ...(from !== undefined && { from }),
      startedAt,
      ...(endedAt !== undefined && outcome !== undefined && { endedAt, outcome }),
    }));
  }
}
