import type { EventOf, EventType, Outcome } from "../../events/index.ts";
import type { LabelLimiter } from "../../redaction/index.ts";
import { AgentCounts } from "./agent-counts.ts";
import type { EventMetrics, EventMetricsSnapshot } from "./event-metrics.ts";
import { HitlCounts } from "./hitl-counts.ts";
import { NamedCounts } from "./named-counts.ts";
import { SwitchCounts } from "./switch-counts.ts";
import { ToolCounts } from "./tool-counts.ts";

/** The figures behind {@link EventMetrics}. */
export class EventCounts implements Omit<EventMetrics, "restore"> {
  readonly #switches: SwitchCounts;
  readonly #agents: NamedCounts<AgentCounts>;
  readonly #allAgents = new AgentCounts();
  readonly #tools: NamedCounts<ToolCounts>;
  readonly #allTools = new ToolCounts();
  readonly #hitl: HitlCounts;
  readonly #errors = new Map<EventType, number>();

  constructor(maxNames: number) {
    this.#switches = new SwitchCounts(maxNames);
    this.#agents = new NamedCounts(maxNames, () => new AgentCounts());
    this.#tools = new NamedCounts(maxNames, () => new ToolCounts());
    this.#hitl = new HitlCounts(maxNames);
  }

  /** What bounds the names. */
  get limiters(): readonly LabelLimiter[] {
    return [this.#switches, this.#agents, this.#tools, this.#hitl].map(({ limiter }) => limiter);
  }

  agentSwitched({ data }: EventOf<"agent_switched">): void {
    this.#switches.add(data.from, data.to);
  }

  agentStarted({ data }: EventOf<"agent_processing_started">): void {
    this.#allAgents.start();
    this.#agents.of(data.agent).start();
  }

  agentEnded({
    type,
    data: { agent, outcome, durationMs },
  }: EventOf<"agent_processing_completed"> | EventOf<"agent_error">): void {
    this.#allAgents.end(outcome, durationMs);
    this.#agents.of(agent).end(outcome, durationMs);
    if (outcome !== "success") this.failed(type, outcome);
  }

  toolRequested({ data }: EventOf<"tool_execution_requested">): void {
    this.#allTools.request();
    this.#tools.of(data.tool).request();
  }

  toolNeedsApproval({ data }: EventOf<"tool_approval_required">): void {
    this.#allTools.requireApproval();
    this.#tools.of(data.tool).requireApproval();
  }

  toolStarted({ data }: EventOf<"tool_execution_started">): void {
    this.#allTools.start();
    this.#tools.of(data.tool).start();
  }

  toolEnded({
    type,
    data: { tool, outcome, durationMs },
  }: EventOf<"tool_execution_completed"> | EventOf<"tool_execution_failed">): void {
    this.#allTools.end(outcome, durationMs);
    this.#tools.of(tool).end(outcome, durationMs);
    if (outcome !== "success") this.failed(type, outcome);
  }

  approvalRequested(): void {
    this.#hitl.request();
  }

  decided(event: EventOf<"hitl_decision_made">): void {
    this.#hitl.decide(event);
  }

  approvalTimedOut(): void {
    this.#hitl.timeOut();
  }

  /** Leaving early is the caller's own decision, and no failure. */
  failed(type: EventType, outcome: Outcome = "error"): void {
    if (outcome !== "error" && outcome !== "truncated") return;
    this.#errors.set(type, (this.#errors.get(type) ?? 0) + 1);
  }

  averageDurationMs(agent: string): number | undefined {
    return this.#agents.find(agent)?.averageDurationMs();
  }

  successRate(tool: string): number | undefined {
    return this.#tools.find(tool)?.successRate();
  }

  switchCount(from?: string, to?: string): number {
    return this.#switches.count(from, to);
  }

  snapshot(): EventMetricsSnapshot {
    return {
      metrics: {
        agent_switches: this.#switches.toRecord(),
        agent_processing: { ...this.#allAgents.toRecord(), by_agent: recordsOf(this.#agents) },
        tool_executions: { ...this.#allTools.toRecord(), by_tool: recordsOf(this.#tools) },
        hitl_decisions: this.#hitl.decisions(),
        hitl_requests: this.#hitl.toRecord(),
        errors: Object.fromEntries(this.#errors),
      },
      computed: this.#computed(),
    };
  }

  #computed(): Record<string, number> {
    const computed = new Map<string, number>();
    const add = (name: string, value: number | undefined) => {
      if (value !== undefined) computed.set(name, value);
    };
    for (const [name, agent] of this.#agents.entries()) {
      add(`${name}_avg_duration_ms`, agent.averageDurationMs());
    }
    for (const [name, tool] of this.#tools.entries()) {
      add(`${name}_success_rate`, tool.successRate());
    }
    return Object.fromEntries(computed);
  }
}

function recordsOf<R>(counts: NamedCounts<{ toRecord: () => R }>): Record<string, R> {
  return Object.fromEntries(counts.entries().map(([name, one]) => [name, one.toRecord()]));
}
