import type { ActivityOutcome } from "../../events/index.ts";

/** Which agent a session is with. Kept in memory, within the bounds of the `sessions` options. */
export interface AgentContext {
  /** `undefined`: the session had no agent, or nothing was heard of it for `sessions.retentionMs`. */
  current(sessionId: string): CurrentAgent | undefined;
  /** Runs of agents of a session, in the order in which they began; the latest 32 at the most. */
  history(sessionId: string): readonly AgentRun[];
}

/** Times are Unix epoch in milliseconds. */
export interface CurrentAgent {
  /**
   * The one that the session was handed over to, or was entered last of those that run; when none does, the one that
   * ran last.
   */
  readonly agent: string;
  /** Whether it runs; if not, it has ended and nobody followed, or was handed the session and has not begun. */
  readonly running: boolean;
  /** When it was entered, or the session handed over. */
  readonly since: number;
  /** When the session was last heard of: an agent, a tool, an answer, a decision. */
  readonly lastActivity: number;
}

/** Times are Unix epoch in milliseconds. */
export interface AgentRun {
  readonly agent: string;
  /** The agent that handed over to it. */
  readonly from?: string;
  readonly startedAt: number;
  /** Missing while it runs. */
  readonly endedAt?: number;
  /** Missing while it runs. */
  readonly outcome?: ActivityOutcome;
}
