import type { Behaviour } from "./behaviour.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Delivery } from "./response-body.ts";

/** A chat request that the simulated provider got, for assertions. */
export interface RecordedRequest {
  /** Counts chat requests from 0. */
  readonly index: number;
  readonly requestId: string;
  readonly request: ChatRequest;
  readonly behaviour: Behaviour;
  /** `pending` until the response is sent, or can't be any more. */
  readonly delivery: Delivery | "pending";
}

/** The last `limit` requests, oldest first. */
export class RequestLog {
  readonly #limit: number;
  readonly #entries: RecordedRequest[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get entries(): readonly RecordedRequest[] {
    return [...this.#entries];
  }

  /** Adds an entry and returns what is to be called when its delivery has ended; later calls do nothing. */
  add(entry: Omit<RecordedRequest, "delivery">): (delivery: Delivery) => void {
    const recorded: { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] } = {
      ...entry,
      delivery: "pending",
    };
    this.#entries.push(recorded);
    if (this.#entries.length > this.#limit) this.#entries.shift();
    return (delivery) => {
      if (recorded.delivery === "pending") recorded.delivery = delivery;
    };
  }
}
