import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createEventBus, type EventBus, type Subscribed } from "../../src/bus/index.ts";
import { createDiagnostics, type Diagnostics } from "../../src/diagnostics/index.ts";
import { createEvent, type Event, type QueueOptions } from "../../src/events/index.ts";
import {
  HOSTILE,
  type HostileName,
  type Reach,
  type Verdict,
} from "../support/hostile-handlers.ts";

/** Events that handlers publish by themselves, in one run. */
const PUBLISHED_AGAIN = 60;

const spec = fc.record({
  does: fc.constantFrom(...keysOf(HOSTILE)),
  priority: fc.integer({ min: -2, max: 2 }),
  once: fc.boolean(),
  remote: fc.boolean(),
  queue: fc.option(
    fc.record({
      maxSize: fc.integer({ min: 1, max: 5 }),
      overflow: fc.constantFrom("drop-newest" as const, "drop-oldest" as const),
    }),
    { nil: undefined },
  ),
});
type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({
  act: fc.constantFrom("publish", "publish", "publish", "remote", "turn", "unsubscribe", "abort"),
  whom: fc.nat({ max: 9 }),
});

let unhandled: unknown[];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled = [];
  process.on("unhandledRejection", noteUnhandled);
});
afterEach(() => void process.off("unhandledRejection", noteUnhandled));

/** One hostile handler, and a witness beside it that does nothing: it sees what the other one was given. */
class Suspect {
  readonly name: string;
  readonly queued: boolean;
  readonly verdicts: Record<Verdict, number> = { ok: 0, failed: 0, pending: 0 };
  readonly seen: Event[] = [];
  /** What it was given, in order. */
  readonly given: Event[] = [];
  readonly most: number;
  calls = 0;
  mostAtOnce = 0;
  readonly #controller = new AbortController();
  readonly #ends: Subscribed[];
  #atOnce = 0;

  constructor(given: Spec, index: number, { bus, reach }: { bus: EventBus; reach: Reach }) {
    const { does, queue, ...options } = given;
    this.name = `${index} ${does}`;
    this.queued = queue !== undefined;
    this.most = given.once ? 1 : Infinity;
    const own: Reach = {
      ...reach,
      unsubscribe: () => this.unsubscribe(),
      abort: () => this.#controller.abort(),
    };
    const shared = { ...options, signal: this.#controller.signal };
    const witness = (event: Event) => void this.given.push(event);
    this.#ends = [
      bus.subscribe({ ...shared, name: "witness", handle: witness }),
      bus.subscribe({
        ...shared,
        name: this.name,
        queue: queue satisfies QueueOptions | undefined,
        handle: (event) => this.#handle(does, event, own),
      }),
    ];
  }

  unsubscribe(): void {
    for (const end of this.#ends) end();
  }

  abort(): void {
    this.#controller.abort();
  }

  #handle(does: HostileName, event: Event, reach: Reach): unknown {
    const { verdict, run } = HOSTILE[does];
    this.calls += 1;
    this.verdicts[verdict] += 1;
    this.seen.push(event);
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const done = () => void (this.#atOnce -= 1);
    try {
      const result: unknown = run(event, reach);
      if (result instanceof Promise) void result.then(done, done);
      else if (verdict !== "pending") done();
      return result;
    } catch (error) {
      done();
      throw error;
    }
  }
}

interface Run {
  readonly bus: EventBus;
  readonly diagnostics: Diagnostics;
  readonly suspects: readonly Suspect[];
  readonly published: Event[];
}

function start(specs: readonly Spec[]): Run & { publish(event: Event): void } {
  const diagnostics = createDiagnostics({
    write: () => {},
    onProblem: (component, message) =>
      publish(createEvent("system_error", { component, message }, 0)),
  });
  const bus = createEventBus(diagnostics);
  const published: Event[] = [];
  const publish = (event: Event): void => {
    published.push(event);
    bus.publish(event);
  };
  let left = PUBLISHED_AGAIN;
  const suspects: Suspect[] = [];
  const reach: Reach = {
    publish,
    unsubscribe: () => {},
    abort: () => {},
    unsubscribeOther: () => suspects[left % suspects.length]?.unsubscribe(),
    mayPublish: () => (left -= 1) >= 0,
  };
  for (const [index, given] of specs.entries())
    suspects.push(new Suspect(given, index, { bus, reach }));
  return { bus, diagnostics, suspects, published, publish };
}

const started = () => createEvent("system_started", { version: "1" }, 1);

it("no handler, whatever it does, harms the bus, its siblings or the publisher, and every delivery is counted", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(spec, { minLength: 1, maxLength: 8 }),
      fc.array(step, { minLength: 5, maxLength: 60 }),
      async (specs, steps) => {
        const run = start(specs);
        const { bus, suspects } = run;
        // the first and the last to be told, of this process and of others
        const [first, last] = [watch(bus, 1_000), watch(bus, -1_000)];
        let remote = 0;
        for (const { act, whom } of steps) {
          const suspect = suspects[whom % suspects.length];
          if (act === "publish") run.publish(started());
          else if (act === "remote") {
            bus.publishRemote(started());
            remote += 1;
          } else if (act === "turn") await nextTurn();
          else if (act === "unsubscribe") suspect?.unsubscribe();
          else suspect?.abort();
        }
        await settle(suspects);
        bus.shutdown();

        const lost = lossesOf(run, "bus");
        expect(first.length).toBe(run.published.length - lost + remote);
        expect(new Set(last)).toEqual(new Set(first));
        expect(last.length).toBe(first.length);
        expect(bus.statistics).toMatchObject({
          totalPublished: run.published.length - lost,
          totalRemote: remote,
          handlers: [],
        });
        expectExact(run, first.length + last.length);
        expect(unhandled).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

function watch(bus: EventBus, priority: number): Event[] {
  const seen: Event[] = [];
  bus.subscribe({
    name: "watch",
    priority,
    remote: true,
    handle: (event) => void seen.push(event),
  });
  return seen;
}

/** Until nothing more happens: what is queued is handled, but behind a handler that never comes back. */
async function settle(suspects: readonly Suspect[]): Promise<void> {
  const calls = () => suspects.reduce((sum, suspect) => sum + suspect.calls, 0);
  for (let quiet = 0, before = -1; quiet < 10; quiet += 1) {
    await nextTurn();
    if (calls() !== before) quiet = 0;
    before = calls();
  }
}

function lossesOf({ diagnostics }: Run, destination: string): number {
  const counters = [...diagnostics.counters.dropped.values()];
  const own = counters.filter((counter) => counter.destination === destination);
  return own.reduce((sum, { count }) => sum + count, 0);
}

function expectExact(run: Run, watched: number): void {
  const { bus, diagnostics, suspects } = run;
  const sum = (value: (suspect: Suspect) => number) =>
    suspects.reduce((total, suspect) => total + value(suspect), 0);
  for (const suspect of suspects) {
    const { name, given, most, calls, verdicts, queued, mostAtOnce, seen } = suspect;
    const handled = new Set(seen);
    // each event that it was given was handled, or is counted as dropped
    expect([name, calls + lossesOf(run, name)]).toEqual([name, given.length]);
    expect(given.length).toBeLessThanOrEqual(most);
    // each once, and in the order in which they came
    expect(seen).toEqual(given.filter((event) => handled.has(event)));
    expect(diagnostics.counters.handlerErrors.get(name) ?? 0).toBe(verdicts.failed);
    expect(queued ? mostAtOnce : 0).toBeLessThanOrEqual(1);
  }
  expect(bus.statistics.failedHandlers).toBe(sum(({ verdicts }) => verdicts.failed));
  expect(bus.statistics.successfulHandlers).toBe(
    sum(({ verdicts, given }) => verdicts.ok + given.length) + watched,
  );
}

function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  // it has these keys and no others
  return Object.keys(record) as K[];
}
