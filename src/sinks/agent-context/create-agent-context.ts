import { type Event, type EventType, idFrom, type Sink } from "../../events/index.ts";
import { RecentMap } from "../../retention/index.ts";
import type { AgentContext } from "./agent-context.ts";
import { SessionAgents } from "./session-agents.ts";

export interface AgentContextOptions {
  /** Sessions that are kept at the most; the one unused longest goes first. */
  readonly maxSessions: number;
  /** What nothing was heard of for this long is forgotten. Milliseconds. */
  readonly retentionMs: number;
  /** Milliseconds; never goes backwards. */
  readonly now: () => number;
  /** Told of each session that made room for another. */
  readonly onEvicted?: (record: "agent_context") => void;
}

export interface AgentContextSink extends Sink {
  readonly context: AgentContext;
}

const TYPES = [
  "agent_switched",
  "agent_processing_started",
  "agent_processing_completed",
  "agent_error",
  "tool_execution_started",
  "tool_execution_completed",
  "tool_execution_failed",
  "llm_request_completed",
  "llm_request_failed",
  "hitl_approval_requested",
  "hitl_decision_made",
] as const satisfies readonly EventType[];

/** Keeps the current agent of each session. Sessions without an agent take no room. */
export function createAgentContext(options: AgentContextOptions): AgentContextSink {
  const { maxSessions, retentionMs, now } = options;
  const sessions = new RecentMap<SessionAgents>({
    maxSize: maxSessions,
    idleMs: retentionMs,
    now,
    onDropped: (_entry, reason) => {
      if (reason === "evicted") options.onEvicted?.("agent_context");
    },
  });

  function begun(sessionId: string, event: Event): SessionAgents | undefined {
    if (event.type !== "agent_processing_started" && event.type !== "agent_switched") return;
    return sessions.add(sessionId, new SessionAgents(event.timestamp));
  }

  function handle(event: Event): void {
    const { sessionId } = event;
    if (sessionId === undefined) return;
    const agents = sessions.use(sessionId) ?? begun(sessionId, event);
    if (agents) apply(event, agents);
  }

  /** By the id as it is in events. */
  function find(given: string): SessionAgents | undefined {
    const sessionId = idFrom(given);
    return sessionId === undefined ? undefined : sessions.get(sessionId);
  }

  return {
    name: "agent-context",
    priority: 15,
    types: TYPES,
    remote: true,
    handle,
    context: {
      current: (given) => find(given)?.current(),
      history: (given) => find(given)?.history() ?? [],
    },
  };
}

function apply(event: Event, agents: SessionAgents): void {
  agents.touch(event.timestamp);
  switch (event.type) {
    case "agent_switched":
      return agents.switched(event.data.from, event.data.to, event.timestamp);
    case "agent_processing_started":
      return agents.started(event.id, event.data.agent, event.timestamp);
    case "agent_processing_completed":
    case "agent_error":
      return agents.ended(event.causationId, event.timestamp, event.data.outcome);
    default:
      return undefined;
  }
}
