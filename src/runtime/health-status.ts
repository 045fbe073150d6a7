import type { SinkHealth } from "../events/index.ts";
import type { HealthStatus, ServerStatus } from "./observability.ts";

export interface HealthFacts {
  readonly stopped: boolean;
  readonly activeSessions: number;
  readonly server: ServerStatus;
  readonly sinks: Readonly<Record<string, SinkHealth>>;
}

const SERVER_WORD = { listening: "serving", disabled: "disabled", failed: "failed" } as const;
const LANGFUSE_WORD = {
  ok: "connected",
  disabled: "disabled",
  unknown: "unknown",
  failing: "failing",
} as const;

/** What is known of every part, in the words of the health page. */
export function healthStatus({
  stopped,
  activeSessions,
  server,
  sinks,
}: HealthFacts): HealthStatus {
  const failing =
    server.state === "failed" || Object.values(sinks).some(({ state }) => state === "failing");
  return {
    status: stopped ? "stopped" : failing ? "degraded" : "healthy",
    active_sessions: activeSessions,
    prometheus: stopped ? "disabled" : SERVER_WORD[server.state],
    langfuse: LANGFUSE_WORD[sinks["langfuse"]?.state ?? "disabled"],
    sinks,
  };
}
