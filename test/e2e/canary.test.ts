import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { expect, test, vi } from "vitest";
import { createObservability } from "../../src/index.ts";
import { startHttpServer } from "../support/http-server.ts";
import { startOtlpSink } from "../support/otlp-sink.ts";

const CANARY = "canary-5fd2c1";

/** Answers with the canary wherever a provider can put text. */
async function startCanaryProvider() {
  return startHttpServer((request, response, body) => {
    response.setHeader("x-request-id", `req-${CANARY}`);
    response.setHeader("openai-organization", CANARY);
    const error = { message: `Incorrect key ${CANARY}`, code: `code ${CANARY}`, param: CANARY };
    if (body.includes("fail-please")) {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ error }));
      return;
    }
    if (body.includes("garble-please")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`{"${CANARY}`);
      return;
    }
    const message = {
      role: "assistant",
      content: CANARY,
      refusal: CANARY,
      tool_calls: [{ id: CANARY, type: "function", function: { name: CANARY, arguments: CANARY } }],
    };
    if (!body.includes('"stream":true')) {
      response.writeHead(200, { "content-type": "application/json" });
      const choices = [{ index: 0, finish_reason: "stop", message }];
      response.end(JSON.stringify({ id: "chatcmpl-1", model: "gpt-4o", choices }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const choices = [{ index: 0, delta: message, finish_reason: null }];
    response.write(`: ${CANARY}\n\ndata: ${JSON.stringify({ id: "chatcmpl-1", choices })}\n\n`);
    if (body.includes("break-please")) {
      response.write(`data: ${JSON.stringify({ error })}\n\n`, () => response.destroy());
      return;
    }
    response.end("data: [DONE]\n\n");
  });
}

test("with default options no prompt, answer, error text, header or key is in any signal", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rlm-canary-"));
  await using provider = await startCanaryProvider();
  await using sink = await startOtlpSink({ secretKey: `sk-lf-${CANARY}` });
  await using webhook = await startHttpServer((_request, response) => response.end("ok"));
  const written: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const events: unknown[] = [];
  const logFile = join(folder, "calls.log");
  const obs = createObservability({
    server: { port: 0 },
    log: { destination: logFile },
    otlp: { endpoint: sink.url, headers: { "x-key": CANARY } },
    langfuse: { publicKey: "pk-test", secretKey: `sk-lf-${CANARY}`, baseUrl: sink.url },
    webhook: { url: `${webhook.url}/hook/${CANARY}`, minIntervalMs: 1 },
  });
  obs.subscribe((event) => void events.push(event));
  const openai = obs.observe(
    new OpenAI({
      apiKey: `sk-${CANARY}`,
      baseURL: `${provider.url}/v1`,
      defaultQuery: { key: CANARY },
      defaultHeaders: { "x-note": CANARY },
      organization: CANARY,
      maxRetries: 0,
    }),
  );
  const request = (instruction: string) => ({
    model: "gpt-4o",
    user: CANARY,
    metadata: { note: CANARY },
    prompt_cache_key: CANARY,
    messages: [
      { role: "system" as const, content: CANARY },
      { role: "user" as const, content: `${instruction} ${CANARY}`, name: CANARY },
    ],
    tools: [
      {
        type: "function" as const,
        function: { name: CANARY, description: CANARY, parameters: { type: "object", CANARY } },
      },
    ],
  });
  const drain = async (instruction: string) => {
    const body = { ...request(instruction), stream: true as const };
    for await (const _chunk of await openai.chat.completions.create(body));
  };

  await openai.chat.completions.create(request("answer"));
  await drain("stream");
  await expect(openai.chat.completions.create(request("fail-please"))).rejects.toThrow(CANARY);
  await expect(openai.chat.completions.create(request("garble-please"))).rejects.toThrow();
  await expect(drain("break-please")).rejects.toThrow();
  const llm = obs.createMonitoredLlm("openai", "gpt-4o", {
    baseUrl: `${provider.url}/v1`,
    apiKey: CANARY,
  });
  const refusal: unknown = await llm.generate(`fail-please ${CANARY}`).catch((error) => error);
  expect(refusal).toMatchObject({ code: "PROVIDER_ERROR" });

  const { url } = await obs.ready();
  const accept = "application/openmetrics-text";
  const answers = await Promise.all([
    fetch(`${url}/metrics`).then((response) => response.text()),
    fetch(`${url}/metrics`, { headers: { accept } }).then((response) => response.text()),
    fetch(`${url}/healthz`).then((response) => response.text()),
    fetch(`${url}/`).then((response) => response.text()),
  ]);
  const report = await obs.shutdown();
  stderr.mockRestore();
  const log = await readFile(logFile, "utf8");
  await rm(folder, { recursive: true });

  // the signals are there …
  expect(log.trim().split("\n")).toHaveLength(6);
  expect(sink.spans).toHaveLength(6);
  expect(sink.langfuseSpans).toHaveLength(6);
  expect(events.length).toBeGreaterThanOrEqual(12);
  expect(webhook.bodies.length).toBeGreaterThan(0);
  expect(answers[0]).toContain("rlm_requests_total");
  // … and the canary is in none of them
  const signals = {
    log,
    answers: answers.join("\n"),
    exported: sink.requests.map(({ path, body }) => `${path}\n${body}`).join("\n"),
    posted: webhook.bodies.join("\n"),
    events: JSON.stringify(events),
    written: written.join("\n"),
    report: JSON.stringify(report),
    refusal: String(refusal),
  };
  for (const [name, signal] of Object.entries(signals)) {
    expect(signal.includes(CANARY), `the canary is in: ${name}`).toBe(false);
  }
});
