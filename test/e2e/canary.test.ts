import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { expect, test, vi } from "vitest";
import {
  type ContentOptions,
  createObservability,
  type RedactionOptions,
} from "../../src/index.ts";
import { startHttpServer } from "../support/http-server.ts";
import { startOtlpSink } from "../support/otlp-sink.ts";

const CANARY = "canary-5fd2c1";
/** What no rule may miss. */
const SECRET_KEY = `sk-${CANARY}-0123456789abcdef`;
const EMAIL = `${CANARY}@example.org`;
const BASE64 = Buffer.from(`an image with ${CANARY} in it`).toString("base64");

/** Everything that may hold content, with capture on. */
const CONTENT_ATTRIBUTES = new Set([
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
]);

/** What a person or a model says. */
const SAID = `${CANARY} says ${SECRET_KEY} to ${EMAIL}`;
const ARGUMENTS = JSON.stringify({ text: SAID, password: `${CANARY}-password` });

function answerTo(path: string, toolName: string): object {
  const call = { name: toolName, arguments: ARGUMENTS };
  if (path === "/v1/messages") {
    const content = [
      { type: "text", text: SAID },
      { type: "tool_use", id: CANARY, name: toolName, input: JSON.parse(ARGUMENTS) as object },
    ];
    return { id: "msg_1", model: "claude", role: "assistant", content, stop_reason: "end_turn" };
  }
  if (path === "/v1/responses") {
    const content = [{ type: "output_text", text: SAID }];
    const output = [
      { type: "message", role: "assistant", content },
      { type: "function_call", call_id: CANARY, ...call },
    ];
    return { id: "resp_1", model: "gpt-4o", status: "completed", output, metadata: { CANARY } };
  }
  if (path.endsWith(":generateContent")) {
    const parts = [{ text: SAID }, { inlineData: { mimeType: "image/png", data: BASE64 } }];
    return { candidates: [{ index: 0, content: { role: "model", parts }, finishReason: "STOP" }] };
  }
  if (path === "/api/chat") {
    return { model: "llama", message: { role: "assistant", content: SAID }, done: true };
  }
  const message = {
    role: "assistant",
    content: SAID,
    refusal: CANARY,
    tool_calls: [{ id: CANARY, type: "function", function: call }],
  };
  const choices = [{ index: 0, finish_reason: "stop", message, delta: message, text: SAID }];
  return { id: "chatcmpl-1", model: "gpt-4o", choices };
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body);
}

/** Answers with the canary wherever a provider can put text. */
async function startCanaryProvider(toolName: string) {
  return startHttpServer((request, response, body) => {
    response.setHeader("x-request-id", `req-${CANARY}`);
    response.setHeader("openai-organization", CANARY);
    const error = { message: `Incorrect key ${CANARY}`, code: `code ${CANARY}`, param: CANARY };
    if (body.includes("fail-please")) return respond(response, 400, JSON.stringify({ error }));
    if (body.includes("garble-please")) return respond(response, 200, `{"${CANARY}`);
    const answer = JSON.stringify(answerTo(request.url?.split("?")[0] ?? "", toolName));
    if (!body.includes('"stream":true')) return respond(response, 200, answer);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`: ${CANARY}\n\ndata: ${answer.replace('"stop"', "null")}\n\n`);
    if (body.includes("break-please")) {
      response.write(`data: ${JSON.stringify({ error })}\n\n`, () => response.destroy());
      return;
    }
    response.end("data: [DONE]\n\n");
  });
}

/** The canary wherever an application can put text. */
function requests(toolName: string) {
  const schema = { type: "object", properties: { [CANARY]: { description: SAID } } };
  const image = `data:image/png;base64,${BASE64}`;
  const tool = { name: toolName, description: SAID, parameters: schema };
  const chat = (instruction: string) => ({
    model: "gpt-4o",
    user: CANARY,
    metadata: { note: CANARY },
    prompt_cache_key: CANARY,
    messages: [
      { role: "system" as const, content: SAID },
      {
        role: "user" as const,
        name: CANARY,
        content: [
          { type: "text" as const, text: `${instruction} ${SAID}` },
          { type: "image_url" as const, image_url: { url: image } },
        ],
      },
      { role: "tool" as const, tool_call_id: CANARY, content: ARGUMENTS },
    ],
    tools: [{ type: "function" as const, function: tool }],
  });
  const others: readonly (readonly [string, object])[] = [
    [
      "/v1/messages",
      {
        model: "claude",
        max_tokens: 1,
        system: SAID,
        metadata: { user_id: CANARY },
        messages: [
          { role: "user", content: SAID },
          { role: "user", content: [{ type: "tool_result", tool_use_id: CANARY, content: SAID }] },
        ],
        tools: [{ name: toolName, description: SAID, input_schema: schema }],
      },
    ],
    [
      "/v1/responses",
      {
        model: "gpt-4o",
        instructions: SAID,
        input: [{ role: "user", content: [{ type: "input_image", image_url: image }] }],
        safety_identifier: CANARY,
        prompt: { id: CANARY, variables: { name: CANARY } },
      },
    ],
    [
      "/v1beta/models/gemini:generateContent",
      {
        systemInstruction: { parts: [{ text: SAID }] },
        contents: [{ parts: [{ text: SAID }, { inlineData: { data: BASE64 } }] }],
        labels: { note: CANARY },
      },
    ],
    [
      "/api/chat",
      {
        model: "llama",
        stream: false,
        messages: [{ role: "user", content: SAID, images: [BASE64] }],
      },
    ],
    ["/v1/completions", { model: "gpt", prompt: SAID, suffix: CANARY, user: CANARY }],
    ["/v1/embeddings", { model: "embed", input: SAID, user: CANARY }],
  ];
  return { chat, others };
}

interface Run {
  readonly toolName: string;
  readonly content?: ContentOptions;
  readonly redaction?: RedactionOptions;
}

/** Makes every kind of call, and collects everything that is said of them anywhere. */
async function signalsOf({ toolName, ...options }: Run) {
  const folder = await mkdtemp(join(tmpdir(), "rlm-canary-"));
  await using provider = await startCanaryProvider(toolName);
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
    ...options,
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
  const { chat, others } = requests(toolName);
  const drain = async (instruction: string) => {
    const body = { ...chat(instruction), stream: true as const };
    for await (const _chunk of await openai.chat.completions.create(body));
  };

  await openai.chat.completions.create(chat("answer"));
  await drain("stream");
  await expect(openai.chat.completions.create(chat("fail-please"))).rejects.toThrow(CANARY);
  await expect(openai.chat.completions.create(chat("garble-please"))).rejects.toThrow();
  await expect(drain("break-please")).rejects.toThrow();
  const llm = obs.createMonitoredLlm("openai", "gpt-4o", {
    baseUrl: `${provider.url}/v1`,
    apiKey: CANARY,
  });
  const refusal: unknown = await llm.generate(`fail-please ${CANARY}`).catch((error) => error);
  expect(refusal).toMatchObject({ code: "PROVIDER_ERROR" });
  for (const [path, body] of others) {
    const response = await obs.fetch(`${provider.url}${path}?key=${CANARY}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    await response.json();
  }

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

  // the signals are there
  const calls = 6 + others.length;
  expect(log.trim().split("\n")).toHaveLength(calls);
  expect(sink.spans).toHaveLength(calls);
  expect(sink.langfuseSpans).toHaveLength(calls);
  expect(events.length).toBeGreaterThanOrEqual(2 * calls);
  expect(webhook.bodies.length).toBeGreaterThan(0);
  expect(answers[0]).toContain("rlm_requests_total");
  expect(report.lost).toEqual({});
  return {
    /** Every signal as text. */
    texts: {
      log,
      answers: answers.join("\n"),
      exported: sink.requests.map(({ path, body }) => `${path}\n${body}`).join("\n"),
      posted: webhook.bodies.join("\n"),
      events: JSON.stringify(events),
      written: written.join("\n"),
      report: JSON.stringify(report),
      refusal: String(refusal),
    },
    events,
    bodies: sink.requests.map(({ body }) => body),
    spans: sink.spans,
    langfuseSpans: sink.langfuseSpans,
  };
}

type Signals = Awaited<ReturnType<typeof signalsOf>>;

function expectNowhere(text: string, signals: Readonly<Record<string, string>>): void {
  for (const [name, signal] of Object.entries(signals)) {
    expect(signal.includes(text), `${text} is in: ${name}`).toBe(false);
  }
}

/** The signals without what is documented to hold content. */
function besidesContent({ texts, events, bodies }: Signals) {
  return {
    ...texts,
    exported: bodies
      .filter(Boolean)
      .map((body) => JSON.stringify(withoutContent(body)))
      .join("\n"),
    events: JSON.stringify(events, (key, value: unknown) =>
      key === "content" ? undefined : value,
    ),
  };
}

/** An OTLP body without the attributes that hold content. */
function withoutContent(body: string): unknown {
  return JSON.parse(body, (_key, value: unknown) =>
    Array.isArray(value)
      ? value.filter((item: unknown) => {
          const name = typeof item === "object" && item !== null && Reflect.get(item, "key");
          return !CONTENT_ATTRIBUTES.has(String(name));
        })
      : value,
  );
}

function contentAttributesOf({ spans, langfuseSpans }: Signals): Set<string> {
  const names = [...spans, ...langfuseSpans].flatMap(({ attributes }) => Object.keys(attributes));
  return new Set(names.filter((name) => CONTENT_ATTRIBUTES.has(name)));
}

test("with default options no prompt, answer, error text, header or key is in any signal", async () => {
  const signals = await signalsOf({ toolName: CANARY });
  for (const text of [CANARY, BASE64]) expectNowhere(text, signals.texts);
  expect(contentAttributesOf(signals)).toEqual(new Set());
});

test("with metadata shapes and names of tools are there, and no text", async () => {
  const signals = await signalsOf({ toolName: "look_up", content: { capture: "metadata" } });
  for (const text of [CANARY, BASE64]) expectNowhere(text, signals.texts);
  expect(contentAttributesOf(signals)).toEqual(CONTENT_ATTRIBUTES);
  expect(signals.texts.exported).toContain("look_up");
});

test("with capture in full, text is in the documented attributes, redacted, and nowhere else", async () => {
  const capture: ContentOptions = { capture: "full", toolSchemas: true };
  const signals = await signalsOf({ toolName: CANARY, content: capture });
  expect(contentAttributesOf(signals)).toEqual(CONTENT_ATTRIBUTES);
  for (const spans of [signals.spans, signals.langfuseSpans]) {
    const output = spans.map(({ attributes }) => String(attributes["gen_ai.output.messages"]));
    expect(output.join("\n")).toContain(CANARY);
  }
  expect(signals.texts.events).toContain(CANARY);
  expectNowhere(CANARY, besidesContent(signals));
  for (const secret of [SECRET_KEY, EMAIL, `${CANARY}-password`, BASE64]) {
    expectNowhere(secret, signals.texts);
  }
});

test("content goes to spans or to events alone where it is told to", async () => {
  const onSpans = await signalsOf({
    toolName: CANARY,
    content: { capture: "full", target: "spans" },
  });
  expectNowhere(CANARY, { events: onSpans.texts.events });
  expect(onSpans.texts.exported).toContain(CANARY);
  const onEvents = await signalsOf({
    toolName: CANARY,
    content: { capture: "full", target: "events" },
  });
  expectNowhere(CANARY, { exported: onEvents.texts.exported });
  expect(onEvents.texts.events).toContain(CANARY);
});
