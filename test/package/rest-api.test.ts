import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { poll } from "../support/poll.ts";
import { type RestContract, restContract } from "../support/rest-contract.ts";
import { type InstalledPackage, installPackage } from "./installed-package.ts";
import { type RunningApp, startApp } from "./running-app.ts";

// The contract tests run on the sources: what a bundler does to the REST API is seen here, in a process of its own.
const TOKEN = "a-token-for-the-tests";
const NEXT_TOKEN = "its-successor-which-is-valid-too";

let installed: InstalledPackage;
let folder: string;
let app: RunningApp;
let url: string;

beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed?.remove());

beforeEach(async () => {
  folder = await mkdtemp(join(installed.folder, "audit-"));
});
afterEach(async () => {
  const { code, stderr } = await app.end();
  expect([code, stderr]).toEqual([0, ""]);
  expect(await app.line("lost ")).toBe("{}");
  await rm(folder, { recursive: true });
});

async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  app = startApp("rest-server.js", installed.folder, {
    OTEL_EXPORTER_PROMETHEUS_PORT: "0",
    RLM_LOG: "off",
    RLM_SERVER_TOKENS: `${TOKEN},${NEXT_TOKEN}`,
    RLM_AUDIT_PATH: folder,
    ...environment,
  });
  url = await app.line("serves ");
}

async function work(session: string): Promise<void> {
  app.say(session);
  await app.line(`worked ${session}`);
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}${path}`, {
    ...init,
    headers: { "x-internal-auth": TOKEN, ...(init.headers as Record<string, string>) },
    signal: AbortSignal.timeout(20_000),
  });
}

/** As it is written, which `fetch` would not send. */
async function statusOf(path: string, headers: Record<string, string> = {}, body = "") {
  const method = body === "" ? "GET" : "DELETE";
  // a connection of its own: the server closes those that bring bytes which are no request
  const asked = request(`${url}/`, { path, headers, method, agent: false });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    asked.on("error", reject).on("response", (response) => {
      void text(response).then(() => resolve(response.statusCode), reject);
    });
  });
  asked.end(body);
  return answered;
}

/** Goes through all pages of a list. */
async function paged(contract: RestContract, path: string, list: string): Promise<unknown[]> {
  const all: unknown[] = [];
  let cursor: string | null = "";
  for (let page = 0; page < 200 && cursor !== null; page += 1) {
    const next = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await contract.valid(`${path}${next}`);
    all.push(...(answer[list] as unknown[]));
    cursor = answer["next_cursor"] as string | null;
  }
  return all;
}

test("every route answers as /openapi.json says, before and after something happened", async () => {
  await start();
  const contract = await restContract(ask);
  const routes = Object.entries(contract.document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const readable = ["/events/metrics", "/events/metrics/sessions", "/events/audit-log"];
  const others = ["/events/stats", "/openapi.json"];
  expect(routes.toSorted()).toEqual(
    [
      ...[...readable, ...others, "/events/stream", "/events/metrics/session/{id}"].map(
        (path) => `GET ${path}`,
      ),
      "DELETE /events/metrics/session/{id}",
    ].toSorted(),
  );
  for (const path of [...readable, ...others]) await contract.valid(path);
  await work("s-1");
  await work("s/2 ü");
  for (const path of [...readable, ...others]) await contract.valid(path);
  expect(await contract.valid("/events/metrics")).toMatchObject({
    metrics: {
      agent_switches: { chef_to_coder: 2 },
      agent_processing: { count: 4 },
      tool_executions: { completed: 2 },
      hitl_decisions: { APPROVE: 2 },
      errors: { llm_request_failed: 2 },
    },
    sessions: { count: 2, total_requests: 6, failed_requests: 2, total_tokens: 4_400 },
  });
  const path = `/events/metrics/session/${encodeURIComponent("s/2 ü")}`;
  expect(await contract.valid(path)).toMatchObject({
    session_id: "s/2 ü",
    user_id: "user-7",
    total_requests: 3,
    total_cost_usd: 0.000_42,
  });
  const cleared = { session_id: "s/2 ü", cleared: true };
  expect(await contract.valid(path, { method: "DELETE" })).toEqual(cleared);
  expect(await contract.valid(path)).toMatchObject({ status: 404 });
});

test("lists are read page by page, and what has not changed is not sent again", async () => {
  await start();
  const contract = await restContract(ask);
  for (const session of ["a", "b", "c"]) await work(session);
  const sessions = await paged(contract, "/events/metrics/sessions?limit=1", "sessions");
  expect(sessions).toMatchObject([{ session_id: "c" }, { session_id: "b" }, { session_id: "a" }]);
  const records = await paged(contract, "/events/audit-log?limit=7", "audit_log");
  const { audit_log: all } = await contract.valid("/events/audit-log?limit=1000");
  expect(records).toEqual(all);
  expect(records).toContainEqual(expect.objectContaining({ chain: "audit", session_id: "b" }));
  const etag = (await ask("/events/metrics/sessions")).headers.get("etag") ?? "";
  const again = () => ask("/events/metrics/sessions", { headers: { "if-none-match": etag } });
  expect((await again()).status).toBe(304);
  await work("d");
  expect((await again()).status).toBe(200);
});

describe("the stream", () => {
  /** Reads until an event that fits is there, and gives all of them. */
  async function readUntil(isLast: (event: Record<string, unknown>) => boolean, after?: string) {
    const headers = after === undefined ? {} : { "last-event-id": after };
    const response = await ask("/events/stream", { headers });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    let seen = "";
    for await (const chunk of response.body ?? []) {
      seen += Buffer.from(chunk as Uint8Array).toString();
      const events = [...seen.matchAll(/^id: (.*)\nevent: (.*)\ndata: (.*)\n\n/gm)].map(
        ([, id, type, json = ""]) => ({ ...(JSON.parse(json) as object), id, type }),
      );
      // leaving the loop ends the connection
      if (events.some(isLast)) return { events, seen };
    }
    throw new Error(`the stream ended: ${seen}`);
  }

  test("goes on after Last-Event-ID, with events as the schema says", async () => {
    await start();
    const contract = await restContract(ask);
    const first = readUntil(({ type }) => type === "session_started");
    await poll("the first client", async () => {
      const { handlers } = await contract.valid("/events/stats");
      return JSON.stringify(handlers).includes("stream");
    });
    await work("s-1");
    const { events } = await first;
    const started = events.find(({ type }) => type === "session_started");
    await work("s-2");
    const rest = await readUntil(
      (event) => event["type"] === "agent_processing_completed" && event["sessionId"] === "s-2",
      started?.id,
    );
    expect(rest.seen).not.toContain("event: gap");
    for (const event of rest.events) contract.expectValid("Event", event);
    const types = rest.events.map(({ type }) => type);
    expect(types.filter((type) => type === "llm_request_completed")).toHaveLength(4);
    expect(types.filter((type) => type === "session_started")).toHaveLength(1);
  });

  test("of which too much was missed says so first", async () => {
    await start();
    await restContract(ask);
    const missing = readUntil(({ type }) => type === "session_started", "nobody-knows");
    await poll("the client", async () =>
      (await (await ask("/events/stats")).text()).includes("stream"),
    );
    await work("s-1");
    const { seen } = await missing;
    expect(seen).toMatch(/^event: gap\ndata: \{"reason":"unknown_last_event_id","lost":null\}$/m);
  });
});

test("whoever has a token may ask, by either header, and nobody else", async () => {
  await start();
  const contract = await restContract(ask);
  const by = async (headers: Record<string, string>) =>
    (await fetch(`${url}/events/stats`, { headers })).status;
  const given = [
    {},
    { "x-internal-auth": "wrong-but-long-enough" },
    { authorization: `Basic ${TOKEN}` },
    { "x-internal-auth": TOKEN },
    { "x-internal-auth": NEXT_TOKEN },
    { authorization: `Bearer ${TOKEN}` },
  ];
  expect(await Promise.all(given.map(by))).toEqual([401, 401, 401, 200, 200, 200]);
  const refused = { headers: { "x-internal-auth": "wrong-but-long-enough" } };
  expect(await contract.valid("/events/stats", refused)).toMatchObject({ status: 401 });
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  const foreign = { host: "observed.example" };
  expect(await statusOf("/metrics", foreign)).toBe(403);
  expect(await statusOf("/metrics", { ...foreign, "x-internal-auth": TOKEN })).toBe(200);
});

test("what is too large, too long or no request at all is a problem, and the next is answered", async () => {
  await start();
  const contract = await restContract(ask);
  const auth = { "x-internal-auth": TOKEN };
  const session = "/events/metrics/session";
  const codes: Record<string, number | undefined> = {};
  const expected: typeof codes = {
    "/%": 400,
    "/events/stats/%": 400,
    [`${session}/%`]: 400,
    [`${session}/%zz`]: 400,
    [`${session}/%ff`]: 400,
    [`${session}/%E0%A4%A`]: 400,
    [`${session}/fine`]: 404,
    "//x": 404,
  };
  for (const path of Object.keys(expected)) codes[path] = await statusOf(path, auth);
  expect(codes).toEqual(expected);
  expect(await statusOf(`/events/stats?${"x".repeat(8_200)}`, auth)).toBe(414);
  expect(await statusOf("/events/stats", { ...auth, x: "x".repeat(20_000) })).toBe(431);
  const large = { ...auth, "content-length": "1025" };
  expect(await statusOf(`${session}/s`, large, "x".repeat(1_025))).toBe(413);
  for (const query of [
    "limit=1001",
    "limt=5",
    "since=never",
    "cursor=nowhere",
    "limit=1&limit=2",
  ]) {
    expect(await contract.valid(`/events/audit-log?${query}`)).toMatchObject({ status: 400 });
  }
});

test("one client that asks too often is told when to come back", async () => {
  await start({ RLM_SERVER_MAX_REQUESTS_PER_MINUTE: "5" });
  const contract = await restContract(ask);
  for (let count = 1; count < 5; count += 1) await contract.valid("/events/stats");
  expect(await contract.valid("/events/stats")).toMatchObject({ status: 429 });
  const { headers } = await ask("/events/stats");
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ask("/metrics")).status).toBe(200);
});
