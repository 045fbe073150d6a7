import type { Event, EventCategory, EventType, QueueOptions } from "../events/index.ts";

/** The events that were asked for: those of the types `T` and of the categories `C`, or all. */
export type SubscribedEvent<T extends EventType, C extends EventCategory> = [T | C] extends [never]
  ? Event
  : Extract<Event, { readonly type: T } | { readonly category: C }>;

export interface SubscribeOptions<
  T extends EventType = EventType,
  C extends EventCategory = EventCategory,
> {
  /** These types, and those of `categories`; neither means all. The handler's parameter is narrowed to them. */
  readonly types?: readonly T[];
  readonly categories?: readonly C[];
  /** Named in counters and messages. Default `subscriber`. */
  readonly name?: string;
  /** Higher goes first. Default 0, after everything built in. */
  readonly priority?: number;
  /** Ends the subscription with its first event. */
  readonly once?: boolean;
  /** Ends the subscription when it aborts. */
  readonly signal?: AbortSignal;
  /**
   * Hands events over later, one at a time and in order, instead of while the call goes on. A handler that returns a
   * promise has a queue without being asked; this sets its size and what it drops when it is full.
   */
  readonly queue?: QueueOptions;
}

export interface MiddlewareOptions {
  /** Named in counters and messages. Default `middleware`. */
  readonly name?: string;
}
