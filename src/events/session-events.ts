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

/** What the application said anew of a session; what is missing stays as it was. */
export interface SessionUpdatedData {
  readonly userId?: string;
  readonly metadata?: CallContext["metadata"];
}

/** The words of the providers; `other` for a role that is none of these. */
export type MessageRole = "system" | "developer" | "user" | "assistant" | "tool" | "other";

/** That something was said in a session; what was said stays out. */
export interface SessionMessageAddedData {
  readonly role: MessageRole;
  /** The application's own id of the message. */
  readonly messageId?: string;
}
