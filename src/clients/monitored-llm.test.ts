import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { observedClients, type ObservedClients } from "../../test/support/observed-clients.ts";
import { responseOf, SSE_TEXT, USAGE } from "../../test/support/observed-response.ts";
import {
  type Behaviour,
  createSimulatedProvider,
  type SimulatedProvider,
} from "../testing/index.ts";
import { createMonitoredLlm, type MonitoredLlm, type MonitoredLlmTarget } from "./monitored-llm.ts";
import type { Fetch } from "./observed-mark.ts";

const CANARY = "canary prompt 4711";
const ANSWER: Behaviour = {
  kind: "answer",
  promptTokens: 10,
  completionTokens: 5,
  content: "Grüße aus dem Test",
};

let behaviour: Behaviour;
let provider: SimulatedProvider;
let observed: ObservedClients;

beforeEach(() => {
  behaviour = ANSWER;
  provider = createSimulatedProvider({ plan: () => behaviour });
  observed = observedClients();
});
afterEach(() => void vi.unstubAllEnvs());

function llm(
  options: Partial<MonitoredLlmTarget> = {},
  fetch: Fetch = provider.fetch,
): MonitoredLlm {
  return createMonitoredLlm({
    provider: "openai",
    model: "gpt-4o",
    apiKey: "sk-test",
    fetch: observed.fetches.observe(fetch, { provider: options.provider ?? "openai" }),
    ...options,
  });
}

/** A fetch that answers with `response` and keeps what it was asked. */
function recording(response: () => Response) {
  const requests: { url: string; init: RequestInit }[] = [];
  const fetch: Fetch = async (url, init) => {
    requests.push({ url: url as string, init: init ?? {} });
    return response();
  };
  const body = () => JSON.parse(requests[0]?.init.body as string) as Record<string, unknown>;
  return { requests, fetch, body };
}

const hello = () => responseOf('{"choices":[{"message":{"content":"hello"}}]}');

async function collect(pieces: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as Error,
  );
}

describe("generate()", () => {
  it("answers with the text, and is observed", async () => {
    expect(await llm().generate("Hi")).toBe("Grüße aus dem Test");
    expect(observed.ended()[0]?.data).toMatchObject({
      provider: "openai",
      model: "gpt-4o",
      outcome: "success",
      usage: USAGE,
    });
  });

  it("sends a prompt as a message of the user, or the messages as they are", async () => {
    const messages = [{ role: "system" as const, content: "Be brief" }];
    for (const [prompt, sent] of [
      ["Hi", [{ role: "user", content: "Hi" }]],
      [messages, messages],
    ] as const) {
      const { fetch, body } = recording(hello);
      await llm({}, fetch).generate(prompt);
      expect(body()).toEqual({ model: "gpt-4o", messages: sent, stream: false });
    }
  });

  it("sends further parameters, which can't change model, messages or kind", async () => {
    const { fetch, body } = recording(hello);
    const parameters = { temperature: 0, model: "other", messages: [], stream: true };
    expect(await llm({}, fetch).generate("Hi", parameters)).toBe("hello");
    expect(body()).toEqual({
      temperature: 0,
      model: "gpt-4o",
      messages: [{ role: "user", content: "Hi" }],
      stream: false,
    });
  });

  it("is empty where the answer has no text", async () => {
    expect(await llm({}, async () => responseOf('{"choices":[]}')).generate("Hi")).toBe("");
  });
});

describe("stream()", () => {
  it("gives the text piece by piece, and is observed with usage", async () => {
    const pieces = await collect(llm().stream("Hi"));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe("Grüße aus dem Test");
    expect(observed.ended()[0]?.data).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("asks for usage, and sends nothing before it is read", async () => {
    const { fetch, body, requests } = recording(() => responseOf(SSE_TEXT, "text/event-stream"));
    const pieces = llm({}, fetch).stream("Hi");
    expect(requests).toEqual([]);
    await collect(pieces);
    expect(body()).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it("is abandoned when the loop is left, and stops the request", async () => {
    for await (const _piece of llm().stream("Hi")) break;
    expect(observed.ended()[0]?.data).toMatchObject({ outcome: "abandoned" });
    expect(provider.requests[0]?.delivery).toBe("client_gone");
  });
});

describe("errors", () => {
  it("of a status reject with PROVIDER_ERROR, and the event has the provider's code", async () => {
    behaviour = { kind: "status", status: 429, code: "rate_limit_exceeded" };
    const error = await errorOf(llm().generate(CANARY));
    expect(error).toMatchObject({
      code: "PROVIDER_ERROR",
      message: "openai answered 429 for model gpt-4o.",
    });
    expect(observed.ended()[0]?.data).toMatchObject({
      outcome: "error",
      errorType: "rate_limit_exceeded",
    });
  });

  it.each<[string, string, string]>([
    ["no JSON", `<html>${CANARY}`, "openai answered with no JSON for model gpt-4o."],
    ["JSON that is no object", `"${CANARY}"`, "openai answered with no JSON for model gpt-4o."],
    [
      "an error in a good status",
      JSON.stringify({ error: { code: "overloaded", message: CANARY } }),
      "openai answered with an error for model gpt-4o.",
    ],
  ])("of an answer that is %s quote nothing of it", async (_what, body, message) => {
    const plain = await errorOf(llm({}, async () => responseOf(body)).generate(CANARY));
    expect(plain).toMatchObject({ code: "PROVIDER_ERROR", message });
    const events = async () => responseOf(`data: ${body}\n\n`, "text/event-stream");
    const streamed = await errorOf(collect(llm({}, events).stream(CANARY)));
    expect(streamed).toMatchObject({ code: "PROVIDER_ERROR", message });
    for (const error of [plain, streamed]) {
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(
        CANARY,
      );
    }
    expect(JSON.stringify(observed.events)).not.toContain(CANARY);
  });

  it("of the network reach the caller by identity", async () => {
    const error = new TypeError("fetch failed");
    const failing: Fetch = () => Promise.reject(error);
    await expect(llm({}, failing).generate("Hi")).rejects.toBe(error);
    await expect(collect(llm({}, failing).stream("Hi"))).rejects.toBe(error);
  });

  it("of a time-out say so, before the headers and in the middle of a stream", async () => {
    behaviour = { kind: "hang" };
    expect((await errorOf(llm({ timeoutMs: 10 }).generate("Hi"))).name).toBe("TimeoutError");
    behaviour = { ...ANSWER, chunkDelayMs: 20, chunks: 20 };
    const slow = collect(llm({ timeoutMs: 50 }).stream("Hi"));
    expect((await errorOf(slow)).name).toBe("TimeoutError");
    expect(observed.ended().map(({ data }) => data)).toMatchObject([
      { outcome: "aborted", errorType: "timeout" },
      { outcome: "aborted", errorType: "timeout" },
    ]);
  });
});

describe("address and key", () => {
  it("are the provider's own, by its usual variable, unless told otherwise", async () => {
    vi.stubEnv("GROQ_API_KEY", "gsk-env");
    const { fetch, requests } = recording(hello);
    await createMonitoredLlm({ provider: "groq", model: "m", fetch }).generate("Hi");
    const target = { baseUrl: "http://127.0.0.1:1/v1//", apiKey: "mine" };
    await createMonitoredLlm({ provider: "groq", model: "m", fetch, ...target }).generate("Hi");
    const seen = requests.map(({ url, init }) => [
      url,
      new Headers(init.headers).get("authorization"),
    ]);
    expect(seen).toEqual([
      ["https://api.groq.com/openai/v1/chat/completions", "Bearer gsk-env"],
      ["http://127.0.0.1:1/v1/chat/completions", "Bearer mine"],
    ]);
  });

  it.each(["acme", "constructor", "__proto__"])("of %s are not known", (name) => {
    expect(() => llm({ provider: name })).toThrow(
      expect.objectContaining({ code: "PROVIDER_UNKNOWN" }) as Error,
    );
    expect(llm({ provider: name, baseUrl: "http://127.0.0.1:1" }).provider).toBe(name);
  });
});
