import fc from "fast-check";
import OpenAI from "openai";
import { afterEach, describe, expect, it, vi } from "vitest";
import { roundedUsd } from "../../src/pricing/index.ts";
import {
  createObservability,
  type Observability,
  type ObservabilityOptions,
  type SessionRecord,
  type TerminalEvent,
} from "../../src/index.ts";
import { poll } from "../support/poll.ts";
import { type StormAnswer, stormProvider, turns } from "../support/storm-provider.ts";
import { STORM_USES } from "../support/storm-uses.ts";

const LIMIT_MS = 4_000;
const MAX_REQUESTS = 5;

let obs: Observability;
let ended: TerminalEvent[];
/** Whom each call counts for: the user of its context, or else the one that its session was given last. */
let userOfCall: Map<TerminalEvent, string | undefined>;

function observe(
  provider: typeof globalThis.fetch,
  sessions: ObservabilityOptions["sessions"] = {},
): OpenAI {
  vi.stubGlobal("fetch", provider);
  obs = createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    metrics: { process: false },
    sessions,
  });
  ended = [];
  userOfCall = new Map();
  const userOfSession = new Map<string | undefined, string | undefined>();
  obs.subscribe(({ sessionId, data }) => userOfSession.set(sessionId, data.userId), {
    types: ["session_started"],
  });
  obs.subscribe(
    (event) => {
      ended.push(event);
      const { sessionId } = event;
      const ofSession = sessionId === undefined ? undefined : userOfSession.get(sessionId);
      const userId = event.data.context.userId ?? ofSession;
      userOfCall.set(event, userId);
      if (sessionId !== undefined) userOfSession.set(sessionId, userId);
    },
    { types: ["llm_request_completed", "llm_request_failed"] },
  );
  const client = new OpenAI({ apiKey: "sk-test", fetch: provider, maxRetries: 2 });
  // the SDK's own waits between attempts are no part of this
  Object.assign(client, { calculateDefaultRetryTimeoutMillis: () => 1 });
  return obs.observe(client);
}

afterEach(async () => {
  await obs.shutdown();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const sum = (values: readonly (number | undefined)[]) =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
const microseconds = (ms: number) => Math.round(ms * 1_000) / 1_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** What requirements say of a session, worked out from its events one by one. */
function recordOf(events: readonly TerminalEvent[]) {
  const datas = events.map(({ data }) => data);
  const count = events.length;
  const successes = datas.filter(({ outcome }) => outcome === "success").length;
  const prompt = sum(datas.map(({ usage }) => usage?.inputTokens));
  const completion = sum(datas.map(({ usage }) => usage?.outputTokens));
  const totalMs = sum(datas.map(({ durationMs }) => durationMs));
  return {
    total_requests: count,
    successful_requests: successes,
    failed_requests: count - successes,
    total_duration_ms: microseconds(totalMs),
    average_duration_ms: microseconds(totalMs / count),
    total_prompt_tokens: prompt,
    total_completion_tokens: completion,
    total_tokens: prompt + completion,
    average_tokens_per_request: (prompt + completion) / count,
    token_efficiency: prompt === 0 ? null : completion / prompt,
    requests_with_tools: datas.filter(({ toolCallsCount }) => toolCallsCount > 0).length,
    requests: events.slice(-MAX_REQUESTS).map(({ timestamp, data }) => ({
      timestamp: iso(timestamp),
      model: data.model,
      duration_ms: microseconds(data.durationMs),
      prompt_tokens: data.usage?.inputTokens ?? null,
      completion_tokens: data.usage?.outputTokens ?? null,
      total_tokens: data.usage ? sum([data.usage.inputTokens, data.usage.outputTokens]) : null,
      has_tool_calls: data.toolCallsCount > 0,
      success: data.outcome === "success",
      error: data.outcome === "success" ? null : data.errorType,
      outcome: data.outcome,
      cost_usd: data.cost ? roundedUsd(data.cost.totalUsd) : null,
      time_to_first_token_ms:
        data.timeToFirstTokenMs === undefined ? null : microseconds(data.timeToFirstTokenMs),
    })),
  };
}

/** By what `keyOf` says of an event; events that it says nothing of are left out. */
function groupedBy(keyOf: (event: TerminalEvent) => string | undefined) {
  const groups = new Map<string, TerminalEvent[]>();
  for (const event of ended) {
    const key = keyOf(event);
    if (key === undefined) continue;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(event);
  }
  return groups;
}

function expectRecord(record: SessionRecord | undefined, events: readonly TerminalEvent[]): void {
  const { total_duration_ms, average_duration_ms, ...exact } = recordOf(events);
  expect(record).toMatchObject(exact);
  // sums of fractions, rounded: in the last digit the order of adding up may show
  expect(record?.total_duration_ms).toBeCloseTo(total_duration_ms, 2);
  expect(record?.average_duration_ms).toBeCloseTo(average_duration_ms, 2);
  expect(record?.total_cost_usd).toBeCloseTo(
    sum(events.map(({ data }) => data.cost?.totalUsd)),
    10,
  );
}

const FINALS: Readonly<Record<string, StormAnswer>> = {
  answer: {
    kind: "answer",
    promptTokens: 9,
    completionTokens: 8,
    chunks: 8,
    content: "eight words in as many pieces as these",
  },
  refused: "refused",
  "400": { kind: "status", status: 400 },
  "429": { kind: "status", status: 429, retryAfterMs: 1 },
  cut: { kind: "cut", afterChunks: 6 },
};

const script = fc.record({
  use: fc.constantFrom(...Object.keys(STORM_USES)),
  final: fc.constantFrom(...Object.keys(FINALS)),
  session: fc.option(fc.nat({ max: 20 })),
  user: fc.option(fc.nat({ max: 3 })),
  startAfter: fc.nat({ max: 20 }),
  after: fc.integer({ min: 1, max: 3 }),
});
type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

async function storm(scripts: readonly Script[]): Promise<void> {
  const openai = observe(
    stormProvider((index) => {
      const given = scripts[index];
      if (given === undefined) return [];
      return [STORM_USES[given.use]?.early ? { kind: "hang" } : (FINALS[given.final] ?? "refused")];
    }),
    { maxRequests: MAX_REQUESTS },
  );
  const calls = scripts.map(async ({ use, session, user, startAfter, after }, index) => {
    await turns(startAfter);
    const call = { openai, fetch: obs.fetch, user: String(index), after };
    const context = {
      ...(session !== null && { sessionId: `s${session}` }),
      ...(user !== null && { userId: `u${user}` }),
    };
    await obs.withContext(context, () => STORM_USES[use]?.run(call));
  });
  await Promise.allSettled(calls);
  await turns(5);
  // what was left unread ends here
  await obs.shutdown();
}

describe("after any storm of calls", () => {
  it("the record of each session, and the totals of each user, are what the events add up to", async () => {
    const end = performance.now() + LIMIT_MS;
    const scripts = fc.array(script, { minLength: 150, maxLength: 200 });
    const withinLimit = async (given: readonly Script[]) => {
      if (performance.now() > end) return;
      await storm(given);
      expect(ended).toHaveLength(given.length);
      const bySession = groupedBy(({ sessionId }) => sessionId);
      for (const [id, events] of bySession) expectRecord(obs.sessionMetrics.get(id), events);
      const { sessions, count } = obs.sessionMetrics.list();
      expect([count, sessions.length]).toEqual([bySession.size, bySession.size]);
      expectUsers();
    };
    await fc.assert(fc.asyncProperty(scripts, withinLimit), { numRuns: 6, endOnFailure: true });
  }, 20_000);
});

function expectUsers(): void {
  const byUser = groupedBy((event) => userOfCall.get(event));
  const { users, count } = obs.sessionMetrics.users();
  expect([count, users.length]).toEqual([byUser.size, byUser.size]);
  for (const { user_id, total_requests, total_tokens } of users) {
    const usages = byUser.get(user_id)?.map(({ data }) => data.usage) ?? [];
    expect(total_requests).toBe(usages.length);
    expect(total_tokens).toBe(
      sum(usages.flatMap((usage) => [usage?.inputTokens, usage?.outputTokens])),
    );
  }
}

/** A provider of one's own pace: each request waits until it is told to go on. */
function heldProvider() {
  const waiting: (() => void)[] = [];
  const fetch: typeof globalThis.fetch = async () => {
    await new Promise<void>((resolve) => void waiting.push(resolve));
    return Response.json({
      id: "r",
      object: "chat.completion",
      model: MODEL,
      choices: [{ index: 0, message: { role: "assistant", content: "" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
  };
  const release = () => {
    const next = waiting.shift();
    next?.();
    return next !== undefined;
  };
  return { fetch, release };
}

const MODEL = "gpt-4o-mini";
const body = { model: MODEL, messages: [{ role: "user" as const, content: "hello" }] };

describe("a session that is cleared while a call is under way", () => {
  it("has that call alone, once it has ended", async () => {
    const { fetch, release } = heldProvider();
    const openai = observe(fetch);
    const call = () => obs.session("s", async () => openai.chat.completions.create(body));
    const answers = [call(), call()];
    await poll("both requests", () => release());
    await poll("the first end", () => ended.length === 1);
    expect(obs.sessionMetrics.get("s")).toMatchObject({ total_requests: 1, total_tokens: 5 });
    expect(obs.sessionMetrics.clear("s")).toBe(true);
    expect(obs.sessionMetrics.get("s")).toBeUndefined();
    await poll("the second request", () => release());
    await Promise.all(answers);
    expect(obs.sessionMetrics.get("s")).toMatchObject({ total_requests: 1, total_tokens: 5 });
    expect(obs.sessionMetrics.list().count).toBe(1);
  });
});

describe("1,000 sessions at once", () => {
  it("have each its own calls, tokens, tools and user", async () => {
    const calls = 3;
    const tokens = (index: number) => index + 1;
    observe(
      stormProvider((index) => [
        { kind: "answer", promptTokens: tokens(index), completionTokens: 2, chunks: 2 },
      ]),
    );
    const tools = [{ type: "function", function: { name: "search", parameters: {} } }];
    const call = async (index: number) => {
      await turns(index % 7);
      const last = index % calls === calls - 1;
      const request = { ...body, user: String(index), stream: index % 2 === 0 };
      const response = await obs.fetch("https://api.openai.com/v1/chat/completions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          ...request,
          ...(request.stream && { stream_options: { include_usage: true } }),
          ...(last && { tools }),
        }),
      });
      await response.text();
    };
    const sessions = Array.from({ length: 1_000 }, (_, session) => session);
    const indexesOf = (session: number) =>
      Array.from({ length: calls }, (_, index) => session * calls + index);
    await Promise.all(
      sessions.map(async (session) =>
        obs.withContext({ sessionId: `s${session}`, userId: `u${session % 10}` }, async () => {
          await Promise.all(indexesOf(session).map(async (index) => call(index)));
        }),
      ),
    );
    const wrong = sessions.filter((session) => {
      const record = obs.sessionMetrics.get(`s${session}`);
      return !(
        record?.user_id === `u${session % 10}` &&
        record.successful_requests === calls &&
        record.total_prompt_tokens === sum(indexesOf(session).map(tokens)) &&
        record.total_completion_tokens === 2 * calls &&
        record.requests_with_tools === 1 &&
        record.requests.length === calls
      );
    });
    expect(wrong).toEqual([]);
    expect(obs.sessionMetrics.list().count).toBe(1_000);
    const users = obs.sessionMetrics.users().users.map(({ total_requests }) => total_requests);
    expect(users).toEqual(Array.from({ length: 10 }, () => 100 * calls));
  }, 20_000);
});

describe("the bounds", () => {
  const answering = stormProvider(() => [
    { kind: "answer", promptTokens: 1, completionTokens: 1, content: "hi" },
  ]);
  const callIn = async (openai: OpenAI, sessionId: string, user = "0") =>
    obs.withContext({ sessionId }, async () => openai.chat.completions.create({ ...body, user }));

  it("hold for sessions and their requests; what was evicted is counted", async () => {
    const openai = observe(answering, { maxActive: 10, maxRequests: 2 });
    for (let index = 0; index < 30; index += 1) await callIn(openai, `s${index}`);
    for (let index = 0; index < 5; index += 1) await callIn(openai, "s29");
    const { sessions, count } = obs.sessionMetrics.list();
    expect(count).toBe(10);
    expect(sessions[0]).toMatchObject({ session_id: "s29", total_requests: 6 });
    expect(sessions[0]?.requests).toHaveLength(2);
    const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
    expect(page).toContain('rlm_records_evicted_total{record="session"} 20\n');
    // that is no loss of telemetry, of which an alert would tell
    expect((await obs.shutdown()).lost).toEqual({});
    // what is there can be read after the end
    expect(obs.sessionMetrics.get("s29")?.total_requests).toBe(6);
  });

  it("hold in time: a session that ended can be read until it is forgotten", async () => {
    const start = performance.now();
    const clock = vi.spyOn(performance, "now").mockReturnValue(start);
    const openai = observe(answering, { retentionMs: 10_000, idleMs: 1_000 });
    await callIn(openai, "s");
    obs.endSession("s");
    clock.mockReturnValue(start + 9_999);
    expect(obs.sessionMetrics.get("s")?.total_requests).toBe(1);
    clock.mockReturnValue(start + 10_000);
    expect(obs.sessionMetrics.get("s")).toBeUndefined();
    clock.mockRestore();
  });
});

describe("what sessions are looked at for is one line", () => {
  it("cost, slowness, error rate, tokens", async () => {
    const plans: Readonly<Record<string, StormAnswer>> = {
      plain: { kind: "answer", promptTokens: 10, completionTokens: 10 },
      large: { kind: "answer", promptTokens: 3_000, completionTokens: 1_000 },
      broken: { kind: "status", status: 400 },
    };
    const names = Object.keys(plans);
    const openai = observe(stormProvider((index) => [plans[names[index] ?? ""] ?? "refused"]));
    for (const [index, name] of names.entries()) {
      const call = obs.session(name, async () =>
        openai.chat.completions.create({ ...body, user: String(index) }),
      );
      await call.catch(() => {});
    }
    const { sessions } = obs.sessionMetrics.list();
    const ids = (found: readonly SessionRecord[]) => found.map(({ session_id }) => session_id);
    expect(obs.sessionMetrics.get("large")?.total_cost_usd).toBe(3_000 * 15e-8 + 1_000 * 6e-7);
    expect(ids(sessions.filter((session) => session.average_duration_ms > 5_000))).toEqual([]);
    expect(ids(sessions.filter((session) => session.error_rate > 0.1))).toEqual(["broken"]);
    expect(ids(sessions.filter((session) => session.average_tokens_per_request > 2_000))).toEqual([
      "large",
    ]);
  });
});

it("a session is found by what it was started with, be it a number or longer than ids may be", async () => {
  observe(stormProvider(() => []));
  for (const id of ["s", 42 as never, "x".repeat(100_000)]) {
    obs.startSession(id);
    await obs.session(id, async () => obs.agent("a", () => {}));
    expect(obs.sessionMetrics.get(id)?.total_requests).toBe(0);
    expect(obs.agentContext.current(id)?.agent).toBe("a");
    expect(obs.agentContext.history(id)).toHaveLength(1);
    expect(obs.sessionMetrics.clear(id)).toBe(true);
  }
  expect(obs.sessionMetrics.get({} as never)).toBeUndefined();
  expect(obs.sessionMetrics.clear(undefined as never)).toBe(false);
  expect(obs.sessionMetrics.user("")).toBeUndefined();
});

describe("an observability that is switched off", () => {
  it("knows of nothing", () => {
    obs = createObservability({ enabled: false });
    expect(obs.sessionMetrics.get("s")).toBeUndefined();
    expect(obs.sessionMetrics.list()).toEqual({ sessions: [], count: 0 });
    expect(obs.sessionMetrics.users()).toEqual({ users: [], count: 0 });
    expect(obs.sessionMetrics.clear("s")).toBe(false);
    expect(obs.eventMetrics.snapshot().computed).toEqual({});
    expect(obs.agentContext.current("s")).toBeUndefined();
  });
});
