import { trace } from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import fc from "fast-check";
import type OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outcome } from "../../src/events/index.ts";
import { createObservability, type Observability } from "../../src/index.ts";
import type { Behaviour } from "../../src/testing/index.ts";
import { type StormAnswer, stormProvider, turns } from "../support/storm-provider.ts";
import { STORM_USES } from "../support/storm-uses.ts";

const LIMIT_MS = 4_000;

/** Content comes in more pieces than any caller waits for. */
const ANSWER: Behaviour = {
  kind: "answer",
  promptTokens: 9,
  completionTokens: 8,
  chunks: 8,
  content: "eight words in as many pieces as these",
};

const FINALS = {
  answer: ANSWER,
  refused: "refused",
  "400": { kind: "status", status: 400 },
  cut: { kind: "cut", afterChunks: 6 },
} as const satisfies Record<string, StormAnswer>;

const FAILURES = {
  "429": { kind: "status", status: 429, retryAfterMs: 1 },
  "500": { kind: "status", status: 500, retryAfterMs: 1 },
  refused: "refused",
} as const satisfies Record<string, StormAnswer>;

/** One call: what it meets, and what its caller does. */
const script = fc.record({
  use: fc.constantFrom(...Object.keys(STORM_USES)),
  failures: fc.array(fc.constantFrom(...keysOf(FAILURES)), { maxLength: 2 }),
  final: fc.constantFrom(...keysOf(FINALS)),
  pause: fc.nat({ max: 2 }),
  startAfter: fc.nat({ max: 20 }),
  leaveAfter: fc.integer({ min: 1, max: 3 }),
});
type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

const storm = fc.array(script, { minLength: 200, maxLength: 250 });

/** Told of what nobody handles; the runner fails on it as well. */
let unhandled: unknown[];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  unhandled = [];
  process.on("unhandledRejection", noteUnhandled);
});
afterEach(() => {
  process.off("unhandledRejection", noteUnhandled);
  trace.disable();
  vi.unstubAllGlobals();
});

describe.each(["openai", "openai-7"])("a storm of calls of %s and of fetch", (version) => {
  it("ends every call exactly once, as what it was", async () => {
    const Client = await load(version);
    await check(storm, async (scripts) => {
      const seen = await run(Client, scripts);
      expectBalanced(seen);
      expect(seen.started).toBe(scripts.length);
      const unexpected = scripts.flatMap((given, index) => {
        const outcome = seen.outcomes.get(index);
        return expected(given) === outcome ? [] : [{ ...given, outcome }];
      });
      expect(unexpected).toEqual([]);
    });
  }, 20_000);

  it("ends every call exactly once when the observation is shut down in the middle", async () => {
    const Client = await load(version);
    await check(fc.tuple(storm, fc.nat({ max: 40 })), async ([scripts, shutdownAfter]) => {
      const seen = await run(Client, scripts, shutdownAfter);
      expectBalanced(seen);
      expect(seen.started).toBeLessThanOrEqual(scripts.length);
    });
  }, 20_000);
});

interface Seen {
  readonly started: number;
  readonly ended: number;
  /** Ends of what had not begun, or had ended already. */
  readonly strayEnds: number;
  readonly underWay: number;
  readonly spansStarted: number;
  readonly spansEnded: number;
  readonly counted: number;
  readonly active: readonly number[];
  /** By call. */
  readonly outcomes: ReadonlyMap<number, Outcome>;
}

function expectBalanced({ started, active, outcomes, ...seen }: Seen): void {
  expect({ ...seen, active: active.filter((value) => value !== 0) }).toEqual({
    ended: started,
    strayEnds: 0,
    underWay: 0,
    spansStarted: started,
    spansEnded: started,
    counted: started,
    active: [],
  });
  expect(outcomes.size).toBe(started);
  expect(active.length > 0).toBe(started > 0);
  expect(unhandled).toEqual([]);
}

/** Makes all the calls at once, and waits for what comes of them. */
async function run(
  Client: typeof OpenAI,
  scripts: readonly Script[],
  shutdownAfter?: number,
): Promise<Seen> {
  const spans = countSpans();
  const provider = stormProvider((index) => attemptsOf(scripts[index]));
  vi.stubGlobal("fetch", provider);
  const obs = createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    metrics: { process: false },
  });
  const openai = obs.observe(
    // the SDK's own waits between attempts are no part of this
    Object.assign(new Client({ apiKey: "sk-test", fetch: provider, maxRetries: 2 }), {
      calculateDefaultRetryTimeoutMillis: () => 1,
    }),
  );
  const ledger = follow(obs);
  const calls = scripts.map(async ({ use, startAfter, leaveAfter }, index) => {
    await turns(startAfter);
    const call = { openai, fetch: obs.fetch, user: String(index), after: leaveAfter };
    await obs.withContext({ metadata: { call: index } }, () => STORM_USES[use]?.run(call));
  });
  const settled = Promise.allSettled(calls);
  if (shutdownAfter !== undefined) {
    await turns(shutdownAfter);
    await obs.shutdown();
  }
  await settled;
  await turns(5);
  await obs.shutdown();
  const { open, ...counts } = ledger;
  return { ...counts, ...spans, ...(await countedIn(obs)), underWay: open.size };
}

function attemptsOf(given: Script | undefined): readonly StormAnswer[] {
  if (given === undefined) return [];
  const use = STORM_USES[given.use];
  if (use?.early) return [{ kind: "hang" }];
  const final: StormAnswer = FINALS[given.final];
  const last =
    given.final === "answer" || given.final === "cut"
      ? { ...FINALS[given.final], chunkDelayMs: given.pause }
      : final;
  return use?.plainFetch ? [last] : [...given.failures.map((name) => FAILURES[name]), last];
}

function expected({ use: name, final }: Script): Outcome {
  const use = STORM_USES[name];
  if (use === undefined) throw new Error(name);
  if (use.early) return use.outcome;
  if (final === "refused" || final === "400") return "error";
  return final === "cut" ? (use.cut ?? use.outcome) : use.outcome;
}

/** Counts operations by their events. */
function follow(obs: Observability) {
  const ledger = {
    started: 0,
    ended: 0,
    strayEnds: 0,
    open: new Set<string>(),
    outcomes: new Map<number, Outcome>(),
  };
  obs.subscribe(
    ({ id }) => {
      ledger.started += 1;
      ledger.open.add(id);
    },
    { types: ["llm_request_started"] },
  );
  obs.subscribe(
    ({ causationId = "", data }) => {
      ledger.ended += 1;
      if (!ledger.open.delete(causationId)) ledger.strayEnds += 1;
      ledger.outcomes.set(Number(data.context.metadata?.["call"]), data.outcome);
    },
    { types: ["llm_request_completed", "llm_request_failed"] },
  );
  return ledger;
}

function countSpans() {
  const counts = { spansStarted: 0, spansEnded: 0 };
  const counting = {
    onStart: () => void (counts.spansStarted += 1),
    onEnd: () => void (counts.spansEnded += 1),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  trace.disable();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [counting] }));
  return counts;
}

async function countedIn(obs: Observability) {
  const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
  const valuesOf = (metric: string) =>
    page
      .split("\n")
      .filter((line) => line.startsWith(`${metric}{`))
      .map((line) => Number(line.slice(line.lastIndexOf(" "))));
  return {
    counted: valuesOf("rlm_requests_total").reduce((sum, value) => sum + value, 0),
    active: valuesOf("rlm_active_requests"),
  };
}

/** As many storms as there is time for, at least one. Each is waited for: the next one counts spans of its own. */
async function check<T>(storms: fc.Arbitrary<T>, property: (given: T) => Promise<void>) {
  const end = performance.now() + LIMIT_MS;
  const withinLimit = async (given: T) => {
    if (performance.now() < end) await property(given);
  };
  await fc.assert(fc.asyncProperty(storms, withinLimit), { numRuns: 8, endOnFailure: true });
}

// the two majors share the surface that is used here
async function load(version: string): Promise<typeof OpenAI> {
  return ((await import(version)) as { default: typeof OpenAI }).default;
}

function keysOf<T extends object>(record: T): (keyof T & string)[] {
  return Object.keys(record) as (keyof T & string)[];
}
