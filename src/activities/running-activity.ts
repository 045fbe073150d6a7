import type { ActivityScope } from "../calls/index.ts";
import type { ActivityEnding, AgentTally, TerminalEvent } from "../events/index.ts";

/** One run of an agent, a tool, a retrieval or a workflow. Ends exactly once; later ends change nothing. */
export class RunningActivity {
  readonly #onEnd: (ending: ActivityEnding, tally: AgentTally) => void;
  #ended = false;
  #llmCalls = 0;
  #toolCalls = 0;
  askedForToolsId: string | undefined;

  constructor(onEnd: (ending: ActivityEnding, tally: AgentTally) => void) {
    this.#onEnd = onEnd;
  }

  callEnded({ id, data }: TerminalEvent): void {
    this.#llmCalls += 1;
    if (data.toolCallsCount > 0) this.askedForToolsId = id;
  }

  toolCalled(): void {
    this.#toolCalls += 1;
  }

  end(ending: ActivityEnding): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(ending, { llmCalls: this.#llmCalls, toolCalls: this.#toolCalls });
  }
}

type Facts = Omit<ActivityScope, "askedForToolsId" | "callEnded" | "toolCalled">;

/**
 * What everything that runs inside an activity, and everything that can still read its stream, holds. The activity
 * itself does not: once nobody holds the scope, nothing of it can go on.
 */
export class RunningScope implements ActivityScope {
  readonly correlationId: string;
  readonly startedId: string;
  readonly enclosure: object;
  readonly agent: string | undefined;
  readonly sessionId: string | undefined;
  readonly #running: RunningActivity;
  /** Counts what is done here as its own: all but an agent, which counts for itself. */
  readonly #outer: ActivityScope | undefined;

  constructor(running: RunningActivity, facts: Facts, outer: ActivityScope | undefined) {
    this.#running = running;
    this.#outer = outer;
    this.correlationId = facts.correlationId;
    this.startedId = facts.startedId;
    this.enclosure = facts.enclosure;
    this.agent = facts.agent;
    this.sessionId = facts.sessionId;
  }

  get askedForToolsId(): string | undefined {
    return this.#running.askedForToolsId;
  }

  callEnded(event: TerminalEvent): void {
    this.#running.callEnded(event);
    this.#outer?.callEnded(event);
  }

  toolCalled(): void {
    this.#running.toolCalled();
    this.#outer?.toolCalled();
  }
}
