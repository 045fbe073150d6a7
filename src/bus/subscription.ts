import type { Event, EventCategory, EventType, QueueOptions } from "../events/index.ts";

/** What somebody wants of the bus. */
export interface Subscription {
  /** Names the handler in counters and messages. */
  readonly name: string;
  /** A promise that it returns is waited for before it gets its next event. */
  readonly handle: (event: Event) => unknown;
  /** Higher goes first; equal ones in order of subscription. Default 0. */
  readonly priority?: number | undefined;
  /** These types, and those of `categories`; neither means all. */
  readonly types?: readonly EventType[] | undefined;
  readonly categories?: readonly EventCategory[] | undefined;
  /** Ends with its first event. */
  readonly once?: boolean | undefined;
  /** Ends when it aborts; aborted already, the subscription never begins. */
  readonly signal?: AbortSignal | undefined;
  /** Also events of other instances. Default false. */
  readonly remote?: boolean | undefined;
  /**
   * Handles events off the publisher's stack, one at a time, in order. A handler that returns a promise gets a queue the
   * first time that it does.
   */
  readonly queue?: QueueOptions | undefined;
}

/** Ends what it was returned for: called, or by `using`. Twice is a no-op. */
export interface Ending extends Disposable {
  (): void;
}

/** Ends the subscription; what waits in its queue is dropped and counted. */
export interface Subscribed extends Ending {
  /** Resolves when every event that it has been given by now is handled or dropped. Never rejects. */
  forceFlush(): Promise<void>;
}

/**
 * Sees each event of this process before all subscribers. Returns the event, an enriched copy with the same id and type,
 * or `undefined` to drop it. Never waited for.
 */
export type Middleware = (event: Event) => Event | undefined;

/** `end`, as a function and as something disposable. */
export function endingOf<E extends object>(end: () => void, more: E): Ending & E {
  return Object.assign(() => end(), { [Symbol.dispose]: () => end(), ...more });
}
