export type { AgentContext, AgentRun, CurrentAgent } from "./agent-context.ts";
export { createAgentContext, type AgentContextSink } from "./create-agent-context.ts";
