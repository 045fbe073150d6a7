import type { Event } from "../../events/index.ts";

/** What agents, tools and people did in this process and, where events are distributed, in the others. */
export interface EventMetrics {
  /** All figures since start, as plain data. */
  snapshot(): EventMetricsSnapshot;
  /** Mean duration of an agent's runs that have ended, in milliseconds; `undefined` before the first one. */
  averageDurationMs(agent: string): number | undefined;
  /** Share, from 0 to 1, of a tool's executions that have completed, of those that ended; `undefined` before the first one. */
  successRate(tool: string): number | undefined;
  /** How often one agent handed over to another; without names, from any or to any. */
  switchCount(from?: string, to?: string): number;
  /**
   * Counts an event of {@link EventStore.replay}, unless it counted here before: as it happened, or in an earlier
   * replay. Returns whether it was counted now.
   * @throws EVENT_INVALID for what is no event of a replay; REPLAY_TOO_LARGE when more was replayed than can be told
   *   apart
   */
  restore(event: Event): boolean;
}

export interface EventMetricsSnapshot {
  readonly metrics: {
    /** By `<from>_to_<to>`. */
    readonly agent_switches: Readonly<Record<string, number>>;
    readonly agent_processing: AgentProcessing & {
      readonly by_agent: Readonly<Record<string, AgentProcessing>>;
    };
    readonly tool_executions: ToolExecutions & {
      readonly by_tool: Readonly<Record<string, ToolExecutions>>;
    };
    /** By what was decided: `APPROVE`, `REJECT` or a word of the application's own. */
    readonly hitl_decisions: Readonly<Record<string, number>>;
    readonly hitl_requests: HitlRequests;
    /** Failures by type of event; what was aborted or abandoned is none. */
    readonly errors: Readonly<Record<string, number>>;
  };
  /** `<agent>_avg_duration_ms` of each agent and `<tool>_success_rate` of each tool that has ended once. */
  readonly computed: Readonly<Record<string, number>>;
}

export interface AgentProcessing {
  readonly started: number;
  /** Runs that have ended, in whatever way. */
  readonly count: number;
  readonly completed: number;
  /** Those that ended in any other way. */
  readonly failed: number;
  readonly total_duration_ms: number;
}

export interface ToolExecutions {
  readonly requested: number;
  readonly approval_required: number;
  readonly started: number;
  readonly completed: number;
  /** Those that ended in any other way. */
  readonly failed: number;
  readonly total_duration_ms: number;
}

export interface HitlRequests {
  readonly requested: number;
  readonly decided: number;
  /** Those that ended without a decision. */
  readonly timed_out: number;
  /** Time that people took to decide. */
  readonly total_wait_ms: number;
}
