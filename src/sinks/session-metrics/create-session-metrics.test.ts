import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { plainAnswer, plainCall } from "../../../test/support/llm-events.ts";
import { createEventBus, type EventBus } from "../../bus/index.ts";
import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import {
  createEvent,
  type Event,
  type LlmCompletedData,
  type LlmFailedData,
  type Outcome,
  replayed,
} from "../../events/index.ts";
import { createSessionMetrics } from "./create-session-metrics.ts";
import type { SessionMetrics, SessionTotals } from "./session-metrics.ts";
import type { SessionRecord } from "./session-record.ts";

const RETENTION_MS = 60_000;
const START = Date.UTC(2026, 0, 1);

let nowMs: number;
let bus: EventBus;
let diagnostics: Diagnostics;
let metrics: SessionMetrics;
let evicted: string[];
beforeEach(() => {
  nowMs = START;
  start();
});

function start({ maxSessions = 100, maxRequests = 10 } = {}): void {
  evicted = [];
  diagnostics = createDiagnostics({ write: () => {} });
  bus = createEventBus(diagnostics);
  const sink = createSessionMetrics({
    maxSessions,
    maxRequests,
    retentionMs: RETENTION_MS,
    now: () => nowMs,
    diagnostics,
    onEvicted: (record) => void evicted.push(record),
    subscribe: (field) => bus.subscribe(field),
  });
  bus.subscribe({ ...sink });
  ({ metrics } = sink);
}

type Context = LlmCompletedData["context"];

function succeed(context: Context, data: Partial<LlmCompletedData> = {}): void {
  const { sessionId } = context;
  bus.publish(
    createEvent("llm_request_completed", { ...plainAnswer, ...data, context }, nowMs, {
      sessionId,
    }),
  );
}

function fail(
  context: Context,
  outcome: Exclude<Outcome, "success">,
  data: Partial<LlmFailedData> = {},
): void {
  const { sessionId } = context;
  const failure = { ...plainAnswer, errorType: "500", ...data, outcome, context };
  bus.publish(createEvent("llm_request_failed", failure, nowMs, { sessionId }));
}

function begin(sessionId: string): void {
  bus.publish(createEvent("session_started", {}, nowMs, { sessionId }));
}

/** What whole numbers of microseconds, tokens and billionths of a dollar come to, with no digit rounded off. */
function addedUp(records: readonly SessionRecord[]): SessionTotals {
  const sum = (of: (record: SessionRecord) => number, unit = 1) =>
    records.reduce((all, record) => all + Math.round(of(record) * unit), 0) / unit;
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const total_requests = sum((record) => record.total_requests);
  const aborted_requests = sum((record) => record.aborted_requests);
  const successful_requests = sum((record) => record.successful_requests);
  const total_duration_ms = sum((record) => record.total_duration_ms, 1_000);
  const total_prompt_tokens = sum((record) => record.total_prompt_tokens);
  return {
    count: records.length,
    total_requests,
    successful_requests,
    failed_requests: aborted_requests,
    aborted_requests,
    error_rate: 0,
    total_duration_ms,
    // one half of a microsecond may be told either way
    average_duration_ms: expect.closeTo(ratio(total_duration_ms, total_requests), 2) as number,
    average_time_to_first_token_ms: successful_requests === 0 ? null : 1,
    total_prompt_tokens,
    total_completion_tokens: total_requests,
    total_tokens: total_prompt_tokens + total_requests,
    average_tokens_per_request: ratio(total_prompt_tokens + total_requests, total_requests),
    token_efficiency: total_prompt_tokens === 0 ? null : total_requests / total_prompt_tokens,
    requests_with_tools: 0,
    total_cost_usd: sum((record) => record.total_cost_usd, 1e9),
    unpriced_requests: 0,
  };
}

function usd(totalUsd: number): LlmCompletedData["cost"] {
  return { totalUsd, inputUsd: totalUsd, outputUsd: 0, source: "table" };
}

const losses = () => [...diagnostics.counters.dropped.values()];
const idsOf = (page: ReturnType<SessionMetrics["list"]>) =>
  page.sessions.map(({ session_id }) => session_id);

describe("the record of a session", () => {
  it("has all fields of its requests and their exact totals", () => {
    nowMs += 1_000;
    succeed(
      { sessionId: "s", userId: "u" },
      {
        durationMs: 1_000,
        timeToFirstTokenMs: 200.000_4,
        toolCallsCount: 2,
        usage: { inputTokens: 100, outputTokens: 40 },
        cost: usd(0.1),
      },
    );
    nowMs += 4_000;
    succeed(
      { sessionId: "s" },
      { durationMs: 2_000.123_456, usage: { inputTokens: 20, outputTokens: 20 }, cost: usd(0.2) },
    );
    nowMs += 1_000;
    fail({ sessionId: "s" }, "error", { model: "gpt-4o-mini", durationMs: 500, errorType: "429" });
    nowMs += 1_000;
    fail({ sessionId: "s" }, "abandoned", {
      durationMs: 499.876_544,
      errorType: "left",
      usage: { outputTokens: 10 },
    });
    const plain = {
      success: true,
      error: null,
      has_tool_calls: false,
      time_to_first_token_ms: null,
    };
    expect(metrics.get("s")).toEqual({
      session_id: "s",
      user_id: "u",
      total_requests: 4,
      successful_requests: 2,
      failed_requests: 2,
      aborted_requests: 1,
      error_rate: 0.25,
      total_duration_ms: 4_000,
      average_duration_ms: 1_000,
      average_time_to_first_token_ms: 200,
      total_prompt_tokens: 120,
      total_completion_tokens: 70,
      total_tokens: 190,
      average_tokens_per_request: 47.5,
      token_efficiency: 70 / 120,
      requests_with_tools: 1,
      total_cost_usd: 0.3,
      unpriced_requests: 1,
      first_activity: "2026-01-01T00:00:00.000Z",
      last_activity: "2026-01-01T00:00:07.000Z",
      last_error: { error: "429", model: "gpt-4o-mini", timestamp: "2026-01-01T00:00:06.000Z" },
      fields: {},
      requests: [
        {
          ...plain,
          timestamp: "2026-01-01T00:00:01.000Z",
          model: "gpt-4o",
          duration_ms: 1_000,
          prompt_tokens: 100,
          completion_tokens: 40,
          total_tokens: 140,
          has_tool_calls: true,
          outcome: "success",
          cost_usd: 0.1,
          time_to_first_token_ms: 200,
        },
        {
          ...plain,
          timestamp: "2026-01-01T00:00:05.000Z",
          model: "gpt-4o",
          duration_ms: 2_000.123,
          prompt_tokens: 20,
          completion_tokens: 20,
          total_tokens: 40,
          outcome: "success",
          cost_usd: 0.2,
        },
        {
          ...plain,
          timestamp: "2026-01-01T00:00:06.000Z",
          model: "gpt-4o-mini",
          duration_ms: 500,
          prompt_tokens: null,
          completion_tokens: null,
          total_tokens: null,
          success: false,
          error: "429",
          outcome: "error",
          cost_usd: null,
        },
        {
          ...plain,
          timestamp: "2026-01-01T00:00:07.000Z",
          model: "gpt-4o",
          duration_ms: 499.877,
          prompt_tokens: null,
          completion_tokens: 10,
          total_tokens: 10,
          success: false,
          error: "left",
          outcome: "abandoned",
          cost_usd: null,
        },
      ],
    });
  });

  it("is there once the session has begun, with zeros", () => {
    bus.publish(createEvent("session_started", { userId: "u" }, nowMs, { sessionId: "s" }));
    expect(metrics.get("s")).toEqual({
      session_id: "s",
      user_id: "u",
      total_requests: 0,
      successful_requests: 0,
      failed_requests: 0,
      aborted_requests: 0,
      error_rate: 0,
      total_duration_ms: 0,
      average_duration_ms: 0,
      average_time_to_first_token_ms: null,
      total_prompt_tokens: 0,
      total_completion_tokens: 0,
      total_tokens: 0,
      average_tokens_per_request: 0,
      token_efficiency: null,
      requests_with_tools: 0,
      total_cost_usd: 0,
      unpriced_requests: 0,
      first_activity: "2026-01-01T00:00:00.000Z",
      last_activity: "2026-01-01T00:00:00.000Z",
      last_error: null,
      fields: {},
      requests: [],
    });
    expect(metrics.get("t")).toBeUndefined();
  });

  it("keeps the latest requests, and the totals of all", () => {
    start({ maxRequests: 3 });
    for (let count = 1; count <= 8; count += 1) {
      succeed({ sessionId: "s" }, { usage: { inputTokens: count, outputTokens: 1 } });
      const record = metrics.get("s");
      const kept = Array.from({ length: Math.min(count, 3) }, (_, index) => count - index);
      expect(record?.requests.map(({ prompt_tokens }) => prompt_tokens)).toEqual(kept.toReversed());
      expect(record?.total_prompt_tokens).toBe((count * (count + 1)) / 2);
    }
  });

  it("has no requests where none are to be kept", () => {
    start({ maxRequests: 0 });
    succeed({ sessionId: "s" });
    expect(metrics.get("s")).toMatchObject({ total_requests: 1, requests: [] });
  });

  it("tells the time of an event that no calendar has", () => {
    nowMs = Number.MAX_VALUE;
    succeed({ sessionId: "s" });
    nowMs = Number.NaN;
    succeed({ sessionId: "t" });
    expect(metrics.get("s")?.last_activity).toBe("+275760-09-13T00:00:00.000Z");
    expect(metrics.list().count).toBe(2);
  });
});

describe("what is forgotten", () => {
  it("are the sessions that were unused longest, counted, when there are too many", () => {
    start({ maxSessions: 2 });
    for (const sessionId of ["a", "b"]) succeed({ sessionId });
    succeed({ sessionId: "a" });
    succeed({ sessionId: "c" });
    expect(idsOf(metrics.list())).toEqual(["c", "a"]);
    expect(evicted).toEqual(["session"]);
  });

  it("are sessions and users that nothing was heard of, which is no eviction", () => {
    succeed({ sessionId: "s", userId: "u" });
    nowMs += RETENTION_MS - 1;
    expect(metrics.get("s")?.total_requests).toBe(1);
    nowMs += 1;
    expect(metrics.get("s")).toBeUndefined();
    expect(metrics.list()).toEqual({ sessions: [], count: 0 });
    expect(metrics.users()).toEqual({ users: [], count: 0 });
    expect(evicted).toEqual([]);
  });

  it("is a session that is cleared; the next call begins a new record", () => {
    succeed({ sessionId: "s", userId: "u" });
    expect(metrics.clear("s")).toBe(true);
    expect(metrics.clear("s")).toBe(false);
    expect(metrics.get("s")).toBeUndefined();
    succeed({ sessionId: "s", userId: "u" });
    expect(metrics.get("s")?.total_requests).toBe(1);
    expect(metrics.user("u")?.total_requests).toBe(2);
  });
});

describe("users", () => {
  it("have no requests to leave out", () => {
    expect(() => metrics.users({ requests: false } as never)).toThrow("`requests` is no option");
    expect(() => metrics.list({ requests: 0 as never })).toThrow(
      "`requests` must be true or false",
    );
  });

  it("have the totals of their calls, in sessions and outside of them", () => {
    succeed({ userId: "u" }, { usage: { inputTokens: 5, outputTokens: 1 }, cost: usd(0.1) });
    succeed({ userId: "u", sessionId: "s" }, { cost: usd(0.2) });
    succeed({ sessionId: "s" });
    succeed({ sessionId: "s", userId: "v" });
    succeed({});
    expect(metrics.user("u")).toMatchObject({
      user_id: "u",
      total_requests: 3,
      total_tokens: 6,
      total_cost_usd: 0.3,
    });
    expect(
      metrics.users().users.map(({ user_id, total_requests }) => [user_id, total_requests]),
    ).toEqual([
      ["v", 1],
      ["u", 3],
    ]);
    expect(metrics.list().count).toBe(1);
    expect(metrics.user("w")).toBeUndefined();
  });

  it("are those that the session was given, where a call names none", () => {
    bus.publish(createEvent("session_started", {}, nowMs, { sessionId: "s" }));
    bus.publish(createEvent("session_updated", { userId: "u" }, nowMs, { sessionId: "s" }));
    succeed({ sessionId: "s" });
    expect(metrics.user("u")?.total_requests).toBe(1);
  });

  it("are bounded, and counted past it", () => {
    start({ maxSessions: 2 });
    for (const userId of ["a", "b", "c"]) succeed({ userId });
    expect(metrics.users().users.map(({ user_id }) => user_id)).toEqual(["c", "b"]);
    expect(evicted).toEqual(["user"]);
  });
});

describe("the totals", () => {
  it("are those of all sessions that are known, without drift", () => {
    for (let index = 0; index < 10; index += 1) {
      const usage = { inputTokens: 10, outputTokens: 5 };
      succeed(
        { sessionId: `s${index}` },
        { usage, cost: usd(0.1), durationMs: 100, timeToFirstTokenMs: 10 },
      );
    }
    fail({ sessionId: "s0" }, "error", { durationMs: 1_000 });
    fail({ sessionId: "s1" }, "aborted", { durationMs: 1_000, toolCallsCount: 1 });
    succeed({ userId: "of no session" });
    succeed({ sessionId: "cleared" });
    metrics.clear("cleared");
    expect(metrics.totals()).toEqual({
      count: 10,
      total_requests: 12,
      successful_requests: 10,
      failed_requests: 2,
      aborted_requests: 1,
      error_rate: 1 / 12,
      total_duration_ms: 3_000,
      average_duration_ms: 250,
      average_time_to_first_token_ms: 10,
      total_prompt_tokens: 100,
      total_completion_tokens: 50,
      total_tokens: 150,
      average_tokens_per_request: 12.5,
      token_efficiency: 0.5,
      requests_with_tools: 1,
      total_cost_usd: 1,
      unpriced_requests: 1,
    });
  });

  it("are those of the list, whatever comes, is cleared, makes room or is forgotten", () => {
    const step = fc.record({
      act: fc.constantFrom("succeed", "succeed", "succeed", "fail", "begin", "clear", "wait"),
      sessionId: fc.constantFrom("a", "b", "c", "d", "e"),
      micro: fc.integer({ min: 0, max: 1_000_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        start({ maxSessions: 3 });
        for (const { act, sessionId, micro } of steps) {
          const usage = { inputTokens: micro, outputTokens: 1 };
          const data = { durationMs: micro / 1_000, usage, cost: usd(micro / 1e9) };
          if (act === "succeed") succeed({ sessionId }, { ...data, timeToFirstTokenMs: 1 });
          if (act === "fail") fail({ sessionId }, "aborted", data);
          if (act === "begin") begin(sessionId);
          if (act === "clear") metrics.clear(sessionId);
          if (act === "wait") nowMs += RETENTION_MS / 2;
        }
        expect(metrics.totals()).toEqual(addedUp(metrics.list().sessions));
      }),
    );
  });

  it("are nothing without a session", () => {
    expect(metrics.totals()).toMatchObject({ count: 0, total_requests: 0, token_efficiency: null });
  });
});

describe("a list", () => {
  it("is paged, newest first, and nothing is missed or told twice while sessions come, go and are used", () => {
    for (let index = 0; index < 10; index += 1) begin(`s${index}`);
    const first = metrics.list({ limit: 4 });
    expect(idsOf(first)).toEqual(["s9", "s8", "s7", "s6"]);
    expect(first.count).toBe(10);
    begin("new");
    succeed({ sessionId: "s0" });
    metrics.clear("s6");
    metrics.clear("s5");
    const second = metrics.list({ limit: 4, cursor: first.nextCursor });
    expect(idsOf(second)).toEqual(["s4", "s3", "s2", "s1"]);
    const third = metrics.list({ limit: 4, cursor: second.nextCursor });
    expect(third).toMatchObject({ count: 9 });
    expect(idsOf(third)).toEqual(["s0"]);
    expect(third).not.toHaveProperty("nextCursor");
  });

  it("ends with a full page where that is the last one", () => {
    for (const id of ["a", "b"]) begin(id);
    expect(metrics.list({ limit: 2 })).not.toHaveProperty("nextCursor");
    expect(idsOf(metrics.list({ limit: 2, cursor: "1" }))).toEqual([]);
  });

  it("leaves the requests out if told to", () => {
    succeed({ sessionId: "s" });
    expect(metrics.list({ requests: false }).sessions).toEqual([
      { ...metrics.get("s"), requests: [] },
    ]);
  });

  it.each([
    [{ limit: 0 }, "`limit` must be a number of at least 1"],
    [null as never, "it must be an object"],
    [{ limit: Number.NaN }, "`limit` must be a number of at least 1"],
    [{ cursor: "" }, "`cursor` must be the nextCursor of a page"],
    [{ cursor: "-1" }, "`cursor` must be the nextCursor of a page"],
    [{ cursor: "memory-1" }, "`cursor` must be the nextCursor of a page"],
    [{ limt: 5 } as never, "`limt` is no option; did you mean `limit`?"],
    [
      { cursor: 5 as never, limit: "5" as never },
      "`cursor` must be a text; `limit` must be a number of at least 1",
    ],
  ])("refuses %o", (query, problem) => {
    const error = { code: "QUERY_INVALID", message: `Query of the session metrics: ${problem}.` };
    expect(() => metrics.list(query)).toThrow(expect.objectContaining(error));
    expect(() => metrics.users(query)).toThrow(expect.objectContaining(error));
  });
});

it("tells the cost of a request without what binary fractions round off", () => {
  succeed({ sessionId: "s" }, { cost: usd(0.000_209_999_999_999_999_98) });
  expect(metrics.get("s")?.requests[0]?.cost_usd).toBe(0.000_21);
});

describe("a field of the application's own", () => {
  const tool = (name: string, sessionId: string) => {
    const data = { tool: name, context: { sessionId } };
    bus.publish(createEvent("tool_execution_requested", data, nowMs, { sessionId }));
  };

  it("is made of the events of its types, for each session", () => {
    metrics.addField("refunds", {
      types: ["tool_execution_requested"],
      initial: 0,
      fold: (count, { data }) => (data.tool === "refund" ? count + 1 : count),
    });
    for (const name of ["refund", "search", "refund"]) tool(name, "a");
    tool("search", "b");
    succeed({ sessionId: "c" });
    const fields = metrics.list().sessions.map((record) => [record.session_id, record.fields]);
    expect(fields).toEqual([
      ["c", { refunds: 0 }],
      ["b", { refunds: 0 }],
      ["a", { refunds: 2 }],
    ]);
  });

  it("goes when it is taken away, and begins anew in a session that is cleared", () => {
    const add = () =>
      metrics.addField("last_tool", {
        types: ["tool_execution_requested"],
        initial: "",
        fold: (_last, { data }) => data.tool,
      });
    const remove = add();
    tool("search", "a");
    expect(metrics.get("a")?.fields).toEqual({ last_tool: "search" });
    metrics.clear("a");
    succeed({ sessionId: "a" });
    expect(metrics.get("a")?.fields).toEqual({ last_tool: "" });
    tool("search", "a");
    remove();
    tool("search", "a");
    expect(metrics.get("a")?.fields).toEqual({});
    add();
    expect(metrics.get("a")?.fields).toEqual({ last_tool: "" });
  });

  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("secret");
      },
    ],
    ["gives back no finite number", () => Number.NaN],
    ["gives back an object", () => ({})],
    ["gives back nothing", () => undefined],
    ["gives back a promise", () => Promise.resolve(1)],
  ])("is null in the session where it %s, and counted; all else goes on", (_what, fold) => {
    let broken = true;
    metrics.addField("field", {
      types: ["llm_request_completed"],
      initial: 7,
      fold: (value) => (broken ? (fold() as number) : value + 1),
    });
    succeed({ sessionId: "a" });
    broken = false;
    succeed({ sessionId: "a" });
    succeed({ sessionId: "b" });
    expect(metrics.get("a")).toMatchObject({ total_requests: 2, fields: { field: null } });
    expect(metrics.get("b")?.fields).toEqual({ field: 8 });
    expect(losses()).toEqual([
      { destination: "session-metrics", reason: "field_failed", count: 1 },
    ]);
  });

  it("can't change the event, and keeps a text short", () => {
    metrics.addField("field", {
      types: ["llm_request_completed"],
      initial: "",
      fold: (_text, event) => {
        expect(Object.isFrozen(event.data)).toBe(true);
        return "x".repeat(10_000);
      },
    });
    succeed({ sessionId: "s" });
    expect(metrics.get("s")?.fields["field"]).toBe("x".repeat(256));
  });

  it("is not cut in the middle of a character", () => {
    const types = ["llm_request_completed"] as const;
    metrics.addField("odd", { types, initial: "", fold: () => `${"x".repeat(255)}😀` });
    metrics.addField("even", { types, initial: "", fold: () => `${"x".repeat(254)}😀!` });
    succeed({ sessionId: "s" });
    expect(metrics.get("s")?.fields).toEqual({
      odd: "x".repeat(255),
      even: `${"x".repeat(254)}😀`,
    });
  });

  it("is refused by a message that says why", () => {
    const field = { types: ["system_error"], initial: 0, fold: (value: number) => value } as const;
    metrics.addField("taken", field);
    expect(() => metrics.addField("taken", field)).toThrow(
      'The session field "taken" can\'t be added: its name is taken.',
    );
    expect(() => metrics.addField("bad", { ...field, fold: 1 as never })).toThrow(
      'The session field "bad" can\'t be added: fold must be a function.',
    );
    const invalid: readonly (readonly [unknown, unknown, string])[] = [
      ["", field, "its name must be a text of 1 to 100 characters"],
      [5, field, "its name must be a text of 1 to 100 characters"],
      ["none", undefined, "it must be an object with types, initial and fold"],
      ["none", null, "it must be an object with types, initial and fold"],
      [
        "typo",
        { ...field, types: ["llm_request_complete"] },
        '"llm_request_complete" is no event type',
      ],
      ["typo", { ...field, reset: true }, '"reset" is none of types, initial and fold'],
      ["types", { ...field, types: [] }, "types must be a list of event types"],
      ["types", { ...field, types: "agent_error" }, "types must be a list of event types"],
      ["types", { ...field, types: undefined }, "types must be a list of event types"],
      [
        "initial",
        { ...field, initial: Number.NaN },
        "initial must be a text, a finite number or a boolean",
      ],
      [
        "initial",
        { ...field, initial: {} },
        "initial must be a text, a finite number or a boolean",
      ],
    ];
    for (const [name, spec, problem] of invalid) {
      expect(() => metrics.addField(name as string, spec as never)).toThrow(
        `The session field "${String(name)}" can't be added: ${problem}`,
      );
    }
    for (let count = 1; count < 32; count += 1) metrics.addField(`f${count}`, field);
    expect(() => metrics.addField("more", field)).toThrow(
      expect.objectContaining({ code: "CONFIGURATION_INVALID" }),
    );
  });
});

describe("restore()", () => {
  const restore = (event: Event) => metrics.restore(replayed(event));
  const call = (sessionId: string, userId: string, inputTokens: number) =>
    createEvent(
      "llm_request_completed",
      { ...plainAnswer, context: { userId }, usage: { inputTokens, outputTokens: 1 } },
      nowMs,
      { sessionId },
    );

  it("counts what happened before, once, as if it had come as it happened", () => {
    const before = [call("a", "u", 10), call("b", "v", 20), call("a", "u", 30)];
    start();
    const addTokens = () =>
      metrics.addField("tokens", {
        types: ["llm_request_completed"],
        initial: 0,
        fold: (sum, { data }) => sum + (data.usage?.inputTokens ?? 0),
      });
    addTokens();
    expect(before.map(restore)).toEqual([true, true, true]);
    expect(before.map(restore)).toEqual([false, false, false]);
    const restored = [metrics.list(), metrics.users(), metrics.totals()];
    start();
    addTokens();
    for (const event of before) bus.publishRemote(event);
    expect(restored).toEqual([metrics.list(), metrics.users(), metrics.totals()]);
    expect(metrics.get("a")?.fields).toEqual({ tokens: 40 });
  });

  it("leaves out what came as it happened, and what is not counted at all", () => {
    const seen: Event[] = [];
    bus.subscribe({ name: "seen", handle: (event) => void seen.push(event) });
    succeed({ sessionId: "s" });
    expect(seen.map(restore)).toEqual([false]);
    const stopped = createEvent("system_stopped", { lost: 0 }, nowMs);
    start();
    expect(restore(stopped)).toBe(false);
    expect(metrics.totals()).toMatchObject({ count: 0 });
  });

  it("keeps out what another instance sends late and a replay has brought before", () => {
    const late = call("a", "u", 10);
    start();
    metrics.addField("calls", {
      types: ["llm_request_completed"],
      initial: 0,
      fold: (count) => count + 1,
    });
    expect(restore(late)).toBe(true);
    bus.publishRemote(late);
    expect(metrics.get("a")).toMatchObject({ total_requests: 1, fields: { calls: 1 } });
  });

  it("does not make an older user or error the last one", () => {
    const failed = (userId: string, errorType: string) =>
      createEvent(
        "llm_request_failed",
        { ...plainAnswer, outcome: "error", errorType, context: { userId } },
        nowMs,
        { sessionId: "s" },
      );
    const older = failed("old", "500");
    nowMs += 1_000;
    start();
    fail({ sessionId: "s", userId: "new" }, "error", { errorType: "429" });
    restore(older);
    expect(metrics.get("s")).toMatchObject({
      user_id: "new",
      total_requests: 2,
      last_error: { error: "429" },
    });
  });

  it("does not bring back what was cleared", () => {
    const before = call("a", "u", 10);
    start();
    restore(before);
    metrics.clear("a");
    expect(restore(before)).toBe(false);
    expect(metrics.get("a")).toBeUndefined();
  });
});

it("counts events of other instances as well", () => {
  const event = createEvent("llm_request_completed", { ...plainAnswer, ...plainCall }, nowMs, {
    sessionId: "s",
  });
  succeed({ sessionId: "s" });
  bus.publishRemote(event);
  expect(metrics.get("s")?.total_requests).toBe(2);
});
