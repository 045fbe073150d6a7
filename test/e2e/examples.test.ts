import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { poll } from "../support/poll.ts";
import { runNode } from "../support/run-process.ts";
import { describeWith } from "./binaries.ts";
import { startRedis } from "./redis.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const pathOf = (name: string) => fileURLToPath(new URL(name, EXAMPLES));

const TOKEN = "a-token-of-your-own";
/** Where each one has the pages. */
const mounted = [
  { name: "mount-in-express.js", base: "/observability" },
  { name: "mount-in-fastify.js", base: "/observability" },
  { name: "mount-in-hono.js", base: "/observability" },
  { name: "mount-in-node-http.js", base: "" },
];

test("quickstart.js observes a call, offline, and shows what was measured", async () => {
  const { code, stdout, stderr } = await runNode([pathOf("quickstart.js")], { timeoutMs: 20_000 });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("inputTokens: 14");
  expect(stdout).toContain("totalUsd: 0.0000045");
  expect(stdout).toContain("\nanswer Hello, dear you!\n");
  expect(stdout).toMatch(/\nrlm_requests_total\{.*status="success".*\} 1\nlost \{\}\n$/);
  expect(JSON.parse(stderr)).toMatchObject({
    event: "llm_request_completed",
    session_id: "session-1",
    user_id: "user-1",
    tags: ["quickstart"],
  });
});

test("agent.js shows the chain of agent, answer, tool and approval, offline", async () => {
  const { code, stdout, stderr } = await runNode([pathOf("agent.js")], { timeoutMs: 20_000 });
  expect(code, stderr).toBe(0);
  expect(stdout.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
    "llm_request_started after agent_processing_started",
    "llm_request_completed after llm_request_started",
    "tool_execution_requested after llm_request_completed",
    "tool_execution_started after tool_execution_requested",
    "tool_approval_required after tool_execution_started",
    "hitl_approval_requested after tool_approval_required",
    "hitl_decision_made after hitl_approval_requested",
    "tool_execution_completed after tool_execution_started",
    "llm_request_started after agent_processing_started",
    "llm_request_completed after llm_request_started",
    "agent_processing_completed after agent_processing_started",
    "answer Done, your money is on its way.",
    'rlm_tool_executions_total{tool="refund",status="success"} 1',
    'rlm_hitl_decisions_total{action="refund",decision="APPROVE"} 1',
    "lost {}",
    "",
  ]);
});

test("subscribe.js shows subscribers and a middleware at work, offline", async () => {
  const { code, stdout, stderr } = await runNode([pathOf("subscribe.js")], { timeoutMs: 20_000 });
  expect(code, stderr).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "first session_started",
    "until the abort",
    "call session-1 eu-1",
    "stored session_started session-1",
    "stored session_ended session-1",
    "calls { handled: 1, failed: 0, dropped: 0, lastError: undefined }",
    "store { handled: 2, failed: 0, dropped: 0, lastError: undefined }",
    "broken { handled: 0, failed: 1, dropped: 0, lastError: 'TypeError' }",
    "filtered 1",
    "lost {}",
    "",
  ]);
  expect(stderr).toBe(
    "[rlm-obs] broken: an event handler failed (TypeError); later ones are only counted\n",
  );
});

/** Starts an example on a free port; it is gone at the end of the block, whatever happens in it. */
async function start(name: string) {
  const child = spawn(process.execPath, [pathOf(name)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"], PORT: "0", RLM_SERVER_TOKENS: TOKEN },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exit = once(child, "exit");
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exit;
    return child.exitCode;
  };
  const url = await poll("its address", () => /listening on (http\S+)/.exec(output)?.[1], 20_000);
  return { url, stop, [Symbol.asyncDispose]: async () => void (await stop("SIGKILL")) };
}

test.each(mounted)(
  "$name serves its own pages and those of the package, and ends on SIGTERM",
  async ({ name, base }) => {
    await using example = await start(name);
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${example.url}${path}`, { headers });
      expect(response.status, path).toBe(200);
      return { text: await response.text(), type: response.headers.get("content-type") };
    };

    expect((await get("/")).text).toBe("Hello\n");
    expect(JSON.parse((await get(`${base}/healthz`)).text)).toEqual({ status: "healthy" });
    const metrics = await get(`${base}/metrics`, { accept: "*/*" });
    expect(metrics.type).toContain("text/plain");
    expect(metrics.text).toMatch(/^rlm_build_info\{/m);
    const open = await get(`${base}/metrics`, { accept: "application/openmetrics-text" });
    expect(open.type).toContain("application/openmetrics-text");
    expect(open.text).toMatch(/# EOF\n$/);

    expect((await fetch(`${example.url}${base}/events/audit-log`)).status).toBe(401);
    const authorized = { authorization: `Bearer ${TOKEN}` };
    const log = await get(`${base}/events/audit-log?event_type=system_started`, authorized);
    expect(JSON.parse(log.text)).toMatchObject({ count: 1 });
    const api = JSON.parse((await get(`${base}/openapi.json`, authorized)).text) as object;
    expect(api).toMatchObject({ servers: [{ url: base || "/" }] });

    const stream = await fetch(`${example.url}${base}/events/stream`, { headers: authorized });
    const events = stream.text();
    const ended = example.stop("SIGTERM");
    expect(await events).toContain("event: system_stopped\n");
    expect(await ended).toBe(0);
  },
);

describeWith(["redis-server"], "with a real Redis", () => {
  test("two-instances.js: each instance knows what both have used", async () => {
    await using redis = await startRedis();
    const { code, stdout, stderr } = await runNode([pathOf("two-instances.js")], {
      timeoutMs: 30_000,
      environment: { RLM_EVENTS_REDIS: redis.url },
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n").toSorted()).toEqual([
      "blue: 5 requests, 90 tokens in session-1",
      "blue: lost {}",
      "green: 5 requests, 90 tokens in session-1",
      "green: lost {}",
    ]);
  });
});

test("audit.js records, proves and shows what was edited", async () => {
  const { code, stdout, stderr } = await runNode([pathOf("audit.js")], { timeoutMs: 20_000 });
  expect(code, stderr).toBe(0);
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(/^safe up to record \d+$/),
    expect.stringMatching(/^record \d+ session-1 APPROVE by ann@example\.com$/),
    "audit: whole, 1 file",
    "audit: NOT AS IT WAS WRITTEN, 1 file",
    expect.stringMatching(
      /^ {2}audit\.000001\.jsonl:\d+: was changed: its hash is not that of what it says$/,
    ),
    "",
  ]);
});

test("session-metrics.js shows what sessions, users and agents used and did, offline", async () => {
  const path = pathOf("session-metrics.js");
  const { code, stdout, stderr } = await runNode([path], { timeoutMs: 20_000 });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("total_cost_usd: 0.000054");
  expect(stdout.slice(stdout.indexOf("its requests")).split("\n")).toEqual([
    "its requests: gpt-4o-mini true,gpt-4o-mini true",
    "cost      0.002415",
    "slow      none",
    "failing   session-3",
    "large     session-2",
    "page      session-3,session-2",
    "page      session-1",
    "user      bob 1",
    "user      ann 3",
    "agent     support",
    "figures   1",
    "cleared   true 2",
    "lost {}",
    "",
  ]);
});

test("event-store.js stores events in a folder, and a later run reads and replays them", async () => {
  const { code, stdout, stderr } = await runNode([pathOf("event-store.js")], {
    timeoutMs: 120_000,
  });
  expect(code, stderr).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "lost {}",
    "2 session_started",
    "3 llm_request_started",
    "4 llm_request_completed",
    "5 llm_request_started",
    "6 llm_request_completed",
    "7 session_ended",
    "replayed 2 with 36 tokens",
    "",
  ]);
});

test("every example is run here", async () => {
  const others = [
    "quickstart.js",
    "agent.js",
    "audit.js",
    "event-store.js",
    "subscribe.js",
    "two-instances.js",
    "session-metrics.js",
  ];
  const names = [...others, ...mounted.map(({ name }) => name)];
  expect((await readdir(EXAMPLES)).toSorted()).toEqual(names.toSorted());
});
