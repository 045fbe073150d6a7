import type { CallContext } from "./call-context.ts";

export interface SessionStartedData {
  readonly userId?: string;
  readonly metadata?: CallContext["metadata"];
}

export interface SessionEndedData {
  readonly durationMs: number;
  readonly requests: number;
  readonly totalTokens: number;
  readonly costUsd: number;
  /** `ended` by the application, `expired` after idling, `evicted` because the limit of sessions was reached. */
  readonly reason: "ended" | "expired" | "evicted";
}
