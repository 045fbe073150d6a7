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

interface Handover {
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
}

/** The agents of one session. A run whose end never comes, as it was lost on its way, is forgotten with the oldest. */
export class SessionAgents {
  /** In the order in which they began. */
  readonly #runs: Run[] = [];
  #lastEnded: Run | undefined;
  #lastActivity: number;
  /** The session was handed over, and no agent has been entered since. */
  #handover: Handover | undefined;

  constructor(atMs: number) {
    this.#lastActivity = atMs;
  }

  touch(atMs: number): void {
    if (atMs > this.#lastActivity) this.#lastActivity = atMs;
  }

  switched(from: string, to: string, atMs: number): void {
    this.#handover = { from, to, atMs };
  }

  started(id: string, agent: string, startedAt: number): void {
    const from = this.#handover?.to === agent ? this.#handover.from : undefined;
    this.#handover = undefined;
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
    if (this.#handover) {
      const { to: agent, atMs: since } = this.#handover;
      return { agent, running: false, since, lastActivity: this.#lastActivity };
    }
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
