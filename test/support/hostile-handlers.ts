import { createEvent, type Event } from "../../src/events/index.ts";

/** What one call of a handler comes to, as the bus should count it. */
export type Verdict = "ok" | "failed" | "pending";

/** What a handler can reach. */
export interface Reach {
  publish(event: Event): void;
  /** Ends its own subscription, or that of somebody else. */
  unsubscribe(): void;
  unsubscribeOther(): void;
  /** Fires the signal that it was subscribed with. */
  abort(): void;
  /** False when enough has been published again. */
  mayPublish(): boolean;
}

interface Hostile {
  readonly verdict: Verdict;
  run(event: Event, reach: Reach): unknown;
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await turn();
}

const again = () =>
  createEvent("system_alert", { name: "again", severity: "info", message: "" }, 1);

function untouchable(): Error {
  const fail = () => {
    throw new Error("don't touch");
  };
  return new Proxy(new Error("mine"), { get: fail, getPrototypeOf: fail, has: fail });
}

/** An object with a `then` of its own, which plays foul. */
// oxlint-disable-next-line unicorn/no-thenable -- that is the point
const thenable = (then: (resolve: () => void, reject: (e: unknown) => void) => void) => ({ then });

/** All that a handler may do wrong, by name. */
export const HOSTILE = {
  "returns nothing": { verdict: "ok", run: () => undefined },
  "returns a value": { verdict: "ok", run: () => ({ later: 7 }) },
  throws: {
    verdict: "failed",
    run: () => {
      throw new TypeError("mine");
    },
  },
  "throws no error": {
    verdict: "failed",
    run: () => {
      // oxlint-disable-next-line typescript/only-throw-error -- what handlers of others may do
      throw undefined;
    },
  },
  "throws what can't be looked at": {
    verdict: "failed",
    run: () => {
      throw untouchable();
    },
  },
  "returns what can't be looked at": { verdict: "failed", run: () => untouchable() },
  rejects: { verdict: "failed", run: () => Promise.reject(new RangeError("mine")) },
  "rejects later": {
    verdict: "failed",
    run: () => turn().then(() => Promise.reject(untouchable())),
  },
  "never resolves": { verdict: "pending", run: () => new Promise(() => {}) },
  "is slow": { verdict: "ok", run: () => turns(3) },
  "resolves at once": { verdict: "ok", run: async () => {} },
  "has a then that throws": {
    verdict: "failed",
    run: () =>
      thenable(() => {
        throw new Error("mine");
      }),
  },
  "has a then that says everything twice": {
    verdict: "ok",
    run: () =>
      thenable((resolve, reject) => {
        resolve();
        reject(new Error("mine"));
        resolve();
      }),
  },
  "has a then that says nothing": { verdict: "pending", run: () => thenable(() => {}) },
  "publishes again": {
    verdict: "ok",
    run: (_event, reach) => {
      if (reach.mayPublish()) reach.publish(again());
    },
  },
  "publishes again later": {
    verdict: "ok",
    run: async (_event, reach) => {
      await turn();
      if (reach.mayPublish()) reach.publish(again());
    },
  },
  "publishes again and throws": {
    verdict: "failed",
    run: (_event, reach) => {
      if (reach.mayPublish()) reach.publish(again());
      throw new Error("mine");
    },
  },
  unsubscribes: { verdict: "ok", run: (_event, reach) => reach.unsubscribe() },
  "unsubscribes somebody else": { verdict: "ok", run: (_event, reach) => reach.unsubscribeOther() },
  aborts: { verdict: "ok", run: (_event, reach) => reach.abort() },
  "aborts and rejects": {
    verdict: "failed",
    run: async (_event, reach) => {
      reach.abort();
      await turn();
      throw new Error("mine");
    },
  },
} as const satisfies Record<string, Hostile>;

export type HostileName = keyof typeof HOSTILE;
