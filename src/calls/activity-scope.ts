import type { TerminalEvent } from "../events/index.ts";

/** What an activity (agent, tool, retrieval, workflow) is to what happens inside of it. */
export interface ActivityScope {
  /** That of the outermost activity. */
  readonly correlationId: string;
  /** Id of the event that says it has started: the cause of what happens inside. */
  readonly startedId: string;
  /** What it is enclosed in: the parent of spans that have no other. */
  readonly enclosure: object;
  /** The innermost agent. */
  readonly agent: string | undefined;
  readonly sessionId: string | undefined;
  /** Id of the last answer inside that asked for tools: the cause of the next tool. */
  readonly askedForToolsId: string | undefined;
  /** An LLM operation inside has ended. */
  callEnded(event: TerminalEvent): void;
  /** A tool has begun inside. */
  toolCalled(): void;
}
