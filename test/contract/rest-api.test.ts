import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createObservability,
  type Observability,
  type ObservabilityOptions,
} from "../../src/index.ts";
import { createSimulatedProvider } from "../../src/testing/index.ts";
import { type RestContract, restContract } from "../support/rest-contract.ts";

const TOKEN = "a-token-for-the-tests";
const chat = (openai: OpenAI, model = "gpt-4o-mini") =>
  openai.chat.completions.create({ model, messages: [{ role: "user", content: "Hi" }] });

let obs: Observability;
let url: string;
let contract: RestContract;

beforeEach(() => start());
afterEach(() => obs.shutdown());

async function start(options: ObservabilityOptions = {}): Promise<void> {
  obs = createObservability({
    server: { port: 0, tokens: [TOKEN] },
    log: { destination: "off" },
    ...options,
  });
  url = (await obs.ready()).url ?? "";
  contract = await restContract(ask);
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}${path}`, {
    ...init,
    headers: { "x-internal-auth": TOKEN, ...(init.headers as Record<string, string>) },
  });
}

/** The JSON of an answer that is as `/openapi.json` says it is. */
const valid = (path: string, init?: RequestInit) => contract.valid(path, init);

/** It is gone at the end of the block. */
async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "rlm-rest-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** What every part of the API tells something of. */
async function runApplication(): Promise<void> {
  // the fourth call of the first session fails
  const { fetch: provider } = createSimulatedProvider({
    plan: (_request, index) =>
      index === 3
        ? { kind: "status", status: 400 }
        : { kind: "answer", promptTokens: 1_000, completionTokens: 100 },
  });
  const openai = obs.observe(new OpenAI({ apiKey: "sk-test", fetch: provider, maxRetries: 0 }));
  await obs.withContext({ userId: "user-7", metadata: { query_type: "faq" } }, async () => {
    await obs.session("s/1 ü", async () => {
      await obs.agent("orchestrator", async () => {
        await chat(openai);
        await obs.agent("coder", async () => {
          await obs.tool("search", () => chat(openai));
          await expect(
            obs.tool("refund", () => Promise.reject(new TypeError("no"))),
          ).rejects.toThrow("no");
        });
      });
      obs.hitl.request({ action: "refund" }).decide("APPROVE", "ann");
      await chat(openai);
      await expect(chat(openai)).rejects.toThrow("400");
    });
  });
  await obs.session("s-2", () => chat(openai));
  obs.alert({ name: "disk", severity: "warning", message: "nearly full" });
}

describe("every answer is as /openapi.json says", () => {
  it.each([
    "/events/metrics",
    "/events/metrics/sessions",
    "/events/metrics/sessions?requests=false&limit=1",
    "/events/metrics/session/s-2",
    `/events/metrics/session/${encodeURIComponent("s/1 ü")}`,
    "/events/audit-log",
    "/events/audit-log?session_id=s-2&event_type=llm_request_completed&limit=1",
    "/events/audit-log?since=2020-01-01T00:00:00Z&until=99999999999999",
    "/events/stats",
    "/openapi.json",
  ])("%s, before and after something happened", async (path) => {
    expect(await valid(path)).toBeTypeOf("object");
    await runApplication();
    expect(await valid(path)).toBeTypeOf("object");
  });

  it.each<[string, RequestInit, number]>([
    ["/events/metrics?x=1", {}, 400],
    ["/events/metrics/sessions?cursor=nowhere", {}, 400],
    ["/events/metrics/sessions?limit=1000", {}, 400],
    ["/events/audit-log?cursor=nowhere", {}, 400],
    ["/events/audit-log?event_type=none", {}, 400],
    ["/events/stream?category=none", {}, 400],
    ["/events/metrics/session/unknown", {}, 404],
    ["/events/metrics/session/unknown", { method: "DELETE" }, 404],
    ["/events/stats", { headers: { "x-internal-auth": "wrong" } }, 401],
    ["/events/metrics/session/%E0%A4%A", {}, 400],
    [`/events/audit-log?session_id=${"x".repeat(8_200)}`, {}, 414],
  ])("%s %j is the problem %i", async (path, init, status) => {
    expect(await valid(path, init)).toMatchObject({ status });
  });

  it("/events/audit-log says what is wrong with its folder", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "a-file");
    await writeFile(path, "");
    await obs.shutdown();
    await start({ audit: { path } });
    expect(await valid("/events/audit-log")).toEqual({
      type: "urn:rlm-obs:problem:audit-log-failing",
      title: "The audit log can't be read",
      status: 503,
      detail: `The audit log could not be read: ${path} (ENOTDIR); audit.path must be a folder.`,
    });
    await obs.shutdown();
  });

  it("an event of the stream, of every kind that there was", async () => {
    const response = await ask("/events/stream");
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const body = response.text();
    await runApplication();
    await obs.shutdown();
    const events = [...(await body).matchAll(/^id: (.*)\nevent: (.*)\ndata: (.*)$/gm)];
    const types = new Set(events.map(([, , type = ""]) => type));
    expect([...types].toSorted()).toEqual([
      "agent_processing_completed",
      "agent_processing_started",
      "agent_switched",
      "hitl_approval_requested",
      "hitl_decision_made",
      "llm_request_completed",
      "llm_request_failed",
      "llm_request_started",
      "session_ended",
      "session_started",
      "system_alert",
      "system_stopped",
      "tool_execution_completed",
      "tool_execution_failed",
      "tool_execution_requested",
      "tool_execution_started",
    ]);
    for (const [, id, type, json = ""] of events) {
      const event: unknown = JSON.parse(json);
      contract.expectValid("Event", event);
      expect(event).toMatchObject({ id, type });
    }
  });
});

it("/openapi.json describes every parameter that is taken, and no other", () => {
  const described = Object.entries(contract.document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters }]) => [
      `${method} ${path}`,
      parameters.filter((parameter) => parameter.in !== "header").map(({ name }) => name),
    ]),
  );
  expect(Object.fromEntries(described)).toEqual({
    "get /openapi.json": [],
    "get /events/metrics": [],
    "get /events/metrics/sessions": ["limit", "cursor", "requests"],
    "get /events/metrics/session/{id}": ["id"],
    "delete /events/metrics/session/{id}": ["id"],
    "get /events/audit-log": ["session_id", "event_type", "since", "until", "limit", "cursor"],
    "get /events/stats": [],
    "get /events/stream": ["session_id", "type", "category"],
  });
});

it("/openapi.json is one that tools can read: its references lead somewhere, its names are told once", () => {
  const text = JSON.stringify(contract.document);
  const references = new Set([...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, to = ""]) => to));
  const names = Object.keys(contract.document.components.schemas);
  const components = new Set(names.map((name) => `#/components/schemas/${name}`));
  expect([...references].filter((reference) => !components.has(reference))).toEqual([]);
  expect(names.filter((name) => !contract.hasSchema(name))).toEqual([]);
  const ids = [...text.matchAll(/"operationId":"([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toHaveLength(8);
  expect(new Set(ids).size).toBe(ids.length);
  expect(text).not.toContain("$defs");
  expect(text).not.toContain('"$id"');
});

describe("the fields that were asked for", () => {
  it("of a session", async () => {
    await runApplication();
    const session = await valid(`/events/metrics/session/${encodeURIComponent("s/1 ü")}`);
    expect(session).toMatchObject({
      session_id: "s/1 ü",
      user_id: "user-7",
      total_requests: 4,
      successful_requests: 3,
      failed_requests: 1,
      total_duration_ms: expect.any(Number),
      average_duration_ms: expect.any(Number),
      total_prompt_tokens: 3_000,
      total_completion_tokens: 300,
      total_tokens: 3_300,
      average_tokens_per_request: 825,
      token_efficiency: 0.1,
      requests_with_tools: 0,
      last_error: { model: "gpt-4o-mini" },
    });
    const requests = session["requests"] as unknown[];
    expect(requests).toHaveLength(4);
    expect(requests[0]).toMatchObject({
      timestamp: expect.any(String),
      model: "gpt-4o-mini",
      duration_ms: expect.any(Number),
      prompt_tokens: 1_000,
      completion_tokens: 100,
      total_tokens: 1_100,
      has_tool_calls: false,
      success: true,
      error: null,
    });
  });

  it("of all sessions, page by page", async () => {
    await runApplication();
    const first = await valid("/events/metrics/sessions?limit=1");
    expect(first).toMatchObject({ sessions: [{ session_id: "s-2" }], count: 2 });
    const cursor = String(first["next_cursor"]);
    expect(await valid(`/events/metrics/sessions?limit=1&cursor=${cursor}`)).toMatchObject({
      sessions: [{ session_id: "s/1 ü" }],
      count: 2,
      next_cursor: null,
    });
  });

  it("of the metrics, and of the sessions with them", async () => {
    await runApplication();
    const answer = await valid("/events/metrics");
    expect(Object.keys(answer)).toEqual(["metrics", "computed", "sessions", "timestamp"]);
    expect(answer).toMatchObject({
      metrics: {
        agent_switches: { orchestrator_to_coder: 1 },
        agent_processing: { count: 2 },
        tool_executions: { requested: 2 },
        hitl_decisions: { APPROVE: 1 },
        errors: { llm_request_failed: 1, tool_execution_failed: 1 },
      },
      computed: {
        orchestrator_avg_duration_ms: expect.any(Number),
        coder_avg_duration_ms: expect.any(Number),
        search_success_rate: 1,
        refund_success_rate: 0,
      },
      sessions: { count: 2, total_requests: 5, failed_requests: 1, total_tokens: 4_400 },
    });
  });

  it("of the audit log", async () => {
    await runApplication();
    const path = "/events/audit-log?session_id=s-2&event_type=llm_request_completed&limit=10";
    const answer = await valid(path);
    expect(answer).toEqual({
      audit_log: [
        expect.objectContaining({ event_type: "llm_request_completed", session_id: "s-2" }),
      ],
      count: 1,
      filters: {
        session_id: "s-2",
        event_type: "llm_request_completed",
        since: null,
        until: null,
        limit: 10,
      },
      next_cursor: null,
    });
  });

  it.each(["memory", "files"])(
    "of the audit log in %s, page by page until its end",
    async (kept) => {
      await using folder = await temporaryFolder();
      if (kept === "files") {
        await obs.shutdown();
        await start({ audit: { path: folder.path } });
      }
      await runApplication();
      const all = (await valid("/events/audit-log?limit=1000"))["audit_log"] as unknown[];
      const paged: unknown[] = [];
      let next: string | undefined = "";
      for (let page = 0; page < 100 && next !== undefined; page += 1) {
        const answer = await valid(`/events/audit-log?limit=3${next}`);
        paged.push(...(answer["audit_log"] as unknown[]));
        const cursor = answer["next_cursor"] as string | null;
        next = cursor === null ? undefined : `&cursor=${encodeURIComponent(cursor)}`;
      }
      expect(paged).toEqual(all);
      const [{ chain }] = paged as [{ chain: string | null }];
      expect(chain).toBe(kept === "files" ? "audit" : null);
      await obs.shutdown();
    },
  );

  it("of the bus", async () => {
    await runApplication();
    const stats = await valid("/events/stats");
    expect(Object.keys(stats).slice(0, 5)).toEqual([
      "total_published",
      "successful_handlers",
      "failed_handlers",
      "last_event_time",
      "success_rate",
    ]);
    expect(stats).toMatchObject({ failed_handlers: 0, success_rate: 1 });
    expect(stats["handlers"]).toContainEqual(
      expect.objectContaining({ name: "session-metrics", failed: 0, last_error: null }),
    );
  });
});

it("a session that is deleted is unknown, and the next request begins anew", async () => {
  await runApplication();
  expect(await valid("/events/metrics/session/s-2", { method: "DELETE" })).toEqual({
    session_id: "s-2",
    cleared: true,
  });
  expect((await ask("/events/metrics/session/s-2")).status).toBe(404);
  expect(await valid("/events/metrics/sessions")).toMatchObject({ count: 1 });
});

it.each(["a", "..a", "a/b", "a b", "ü", "%", "a%2Fb", "a?b#c", "🙂".repeat(100), "x".repeat(200)])(
  "a session is found by its id, whatever that is: %s",
  async (id) => {
    obs.startSession(id);
    const path = `/events/metrics/session/${encodeURIComponent(id)}`;
    expect(await valid(path)).toMatchObject({ session_id: id, total_requests: 0 });
  },
);

it.each([
  "/events/metrics",
  "/events/metrics/sessions",
  "/events/metrics/session/s-2",
  "/openapi.json",
])("%s that has not changed is not sent again", async (path) => {
  await runApplication();
  const etag = (await ask(path)).headers.get("etag") ?? "";
  const again = await ask(path, { headers: { "if-none-match": etag } });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe("");
  const head = await ask(path, { method: "HEAD", headers: { "if-none-match": etag } });
  expect(head.status).toBe(304);
  if (path === "/openapi.json") return;
  const known = obs.sessionMetrics.clear("s/1 ü") && obs.sessionMetrics.clear("s-2");
  expect(known).toBe(true);
  expect((await ask(path, { headers: { "if-none-match": etag } })).status).not.toBe(304);
});
