import type { ChatRequest } from "./chat-request.ts";

/** What the simulated provider does with one request. */
export type Behaviour =
  | AnswerBehaviour
  | StatusBehaviour
  /** Never answers; ends when the client goes away. */
  | { readonly kind: "hang" }
  | CutBehaviour
  /** Status 200 with a body that isn't JSON, or an event that isn't. */
  | { readonly kind: "malformed" };

/** A good answer. The token counts are told as they are, whatever the text. */
export interface AnswerBehaviour {
  readonly kind: "answer";
  readonly promptTokens: number;
  /** Over all choices, reasoning included. */
  readonly completionTokens: number;
  /** Part of `promptTokens`; default 0. */
  readonly cachedTokens?: number;
  /** Part of `completionTokens`; default 0. */
  readonly reasoningTokens?: number;
  /** Text of every choice; default a text whose length follows `completionTokens`. */
  readonly content?: string;
  /** Arguments of the tool call when the request offers tools; default `{}`. */
  readonly toolArguments?: string;
  /** Default `stop`, or `tool_calls` when a tool is called. */
  readonly finishReason?: "stop" | "length" | "content_filter" | "tool_calls";
  /** Model that the answer names; default the requested one. */
  readonly responseModel?: string;
  /** Time until the headers; default 0. */
  readonly latencyMs?: number;
  /** Time before each chunk of a stream; default 0. */
  readonly chunkDelayMs?: number;
  /** Pieces the text of a stream is sent in; default one for each word, at most 24. */
  readonly chunks?: number;
}

/** An error status with an OpenAI-shaped body; `code` and `type` default to what OpenAI says with it. */
export interface StatusBehaviour {
  readonly kind: "status";
  readonly status: number;
  readonly code?: string;
  readonly type?: string;
  /** Sent as `retry-after-ms` and `retry-after`. */
  readonly retryAfterMs?: number;
  /** Default 0. */
  readonly latencyMs?: number;
}

/** An answer whose connection breaks: a stream after so many chunks, a plain answer halfway. */
export interface CutBehaviour {
  readonly kind: "cut";
  readonly afterChunks: number;
  /** Default 0. */
  readonly latencyMs?: number;
  /** Default 0. */
  readonly chunkDelayMs?: number;
}

/** Decides on each chat request. `index` counts them from 0, retries of an SDK included. */
export type Plan = (request: ChatRequest, index: number) => Behaviour;
