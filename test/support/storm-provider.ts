import { setImmediate } from "node:timers/promises";
import type { Fetch } from "../../src/clients/index.ts";
import { type Behaviour, createSimulatedProvider } from "../../src/testing/index.ts";

/** What comes of one HTTP call; `refused` is a network error. */
export type StormAnswer = Behaviour | "refused";

/** What the call `index` of a storm meets, attempt by attempt; the last one stays. */
export type StormPlan = (index: number) => readonly StormAnswer[];

/** A provider in process that knows the calls of a storm by the `user` of their body. Its delays are turns, not time. */
export function stormProvider(plan: StormPlan): Fetch {
  const attempts = new Map<number, number>();
  return async (input, init) => {
    // both the SDK and the storm's own calls send JSON text
    const { user } = JSON.parse(init?.body as string) as { user: string };
    const index = Number(user);
    const attempt = attempts.get(index) ?? 0;
    attempts.set(index, attempt + 1);
    const answers = plan(index);
    const answer = answers[attempt] ?? answers.at(-1);
    await setImmediate();
    init?.signal?.throwIfAborted();
    if (answer === undefined || answer === "refused") {
      throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
    }
    return createSimulatedProvider({ plan: () => answer, sleep: turns }).fetch(input, init);
  };
}

/** `count` turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}
