import type { Outcome } from "../../events/index.ts";

/** One LLM operation of a session that has ended. What the provider did not tell is `null`, not 0. */
export interface SessionRequest {
  /** When it ended; ISO 8601, UTC. */
  readonly timestamp: string;
  /** Model as requested. */
  readonly model: string;
  readonly duration_ms: number;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly total_tokens: number | null;
  readonly has_tool_calls: boolean;
  readonly success: boolean;
  /** Low-cardinality: a provider's code, an HTTP status or an error name; `null` for a success. */
  readonly error: string | null;
  readonly outcome: Outcome;
  readonly cost_usd: number | null;
  /** Streams only. */
  readonly time_to_first_token_ms: number | null;
}

/** The totals of LLM operations that have ended; exact, however many there were. */
export interface RequestTotals {
  /** `successful_requests` and `failed_requests` together. */
  readonly total_requests: number;
  readonly successful_requests: number;
  /** All that ended in any other way. */
  readonly failed_requests: number;
  /** Those of the failed ones that the application itself stopped or left: `aborted` and `abandoned`. */
  readonly aborted_requests: number;
  /** Share, from 0 to 1, of the requests that ended as `error` or `truncated`; 0 before the first one. */
  readonly error_rate: number;
  readonly total_duration_ms: number;
  /** 0 before the first request. */
  readonly average_duration_ms: number;
  /** Of the streams; `null` before the first one. */
  readonly average_time_to_first_token_ms: number | null;
  readonly total_prompt_tokens: number;
  readonly total_completion_tokens: number;
  readonly total_tokens: number;
  /** 0 before the first request. */
  readonly average_tokens_per_request: number;
  /** Completion tokens for one prompt token; `null` without prompt tokens. */
  readonly token_efficiency: number | null;
  /** Requests whose answer asked for a tool. */
  readonly requests_with_tools: number;
  /** US dollars; what the unpriced requests cost is not in it. */
  readonly total_cost_usd: number;
  /** Requests of unknown cost, because the price or the usage is not known; refused ones are not among them. */
  readonly unpriced_requests: number;
  /** When it was first heard of, or its first request began; ISO 8601, UTC. */
  readonly first_activity: string;
  /** ISO 8601, UTC. */
  readonly last_activity: string;
}

/** What is known of one session. */
export interface SessionRecord extends RequestTotals {
  readonly session_id: string;
  /** The user last named. */
  readonly user_id: string | null;
  /** The latest request that ended as `error` or `truncated`. */
  readonly last_error: SessionError | null;
  /** By name, what `addField()` has added. */
  readonly fields: Readonly<Record<string, SessionFieldValue>>;
  /** The latest ones, oldest first; `sessions.maxRequests` of them at the most. */
  readonly requests: readonly SessionRequest[];
}

export interface SessionError {
  readonly error: string;
  readonly model: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** What one user has used, in sessions and outside of them. */
export interface UserRecord extends RequestTotals {
  readonly user_id: string;
}

/** `null`: not known, because the field's function has failed. */
export type SessionFieldValue = string | number | boolean | null;
