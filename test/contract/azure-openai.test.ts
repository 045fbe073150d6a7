import type { AzureOpenAI as Azure } from "openai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Fetch } from "../../src/clients/index.ts";
import { observedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";

const ENDPOINT = "https://my-resource.openai.azure.com";
const API_VERSION = "2024-10-21";
const CHAT = { model: "my-gpt", messages: [{ role: "user" as const, content: "Hi" }] };
const ANSWER = {
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "gpt-4o-2024-08-06",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Hello" },
      finish_reason: "stop",
      content_filter_results: { hate: { filtered: false, severity: "safe" } },
    },
  ],
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
};
const STREAM = [
  { choices: [], prompt_filter_results: [{ prompt_index: 0 }], model: "", id: "" },
  {
    id: "chatcmpl-1",
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, delta: { content: "Hi" } }],
  },
  { id: "chatcmpl-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { id: "chatcmpl-1", choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } },
];

interface Sent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

describe.each(["openai-4", "openai-5", "openai", "openai-7"])("AzureOpenAI of %s", (version) => {
  let observed: ReturnType<typeof observedClients>;
  let Client: typeof Azure;
  let answers: (() => Response)[];
  let sent: Sent[];

  beforeEach(async () => {
    observed = observedClients();
    Client = ((await import(version)) as { AzureOpenAI: typeof Azure }).AzureOpenAI;
    answers = [() => Response.json(ANSWER)];
    sent = [];
  });

  afterEach(() => {
    observed.tracker.shutdown();
    expect(observed.problems).toEqual([]);
  });

  const fetch: Fetch = async (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    sent.push({ url: new Request(input).url, headers, body: init?.body });
    const [answer] = answers;
    if (answers.length > 1) answers.shift();
    return answer?.() ?? Response.error();
  };

  function bare(options: Partial<ConstructorParameters<typeof Azure>[0]> = {}): Azure {
    return new Client({
      endpoint: ENDPOINT,
      apiVersion: API_VERSION,
      maxRetries: 0,
      fetch,
      ...("azureADTokenProvider" in options ? {} : { apiKey: "azure-key" }),
      ...options,
    });
  }

  function client(options: Parameters<typeof bare>[0] = {}): Azure {
    return observed.clients.observe(bare(options));
  }

  async function onlyEnd() {
    await poll("an end", () => observed.ended().length > 0);
    const [event, ...others] = observed.ended();
    if (event === undefined || others.length > 0) throw new Error("not one end");
    return event.data;
  }

  it("sends what the bare client sends, and reports Azure and the model behind the deployment", async () => {
    const answer = await bare().chat.completions.create(CHAT);
    expect(await client().chat.completions.create(CHAT)).toEqual(answer);
    const [plain, seen] = sent;
    expect(seen).toEqual(plain);
    expect(seen?.url).toBe(
      `${ENDPOINT}/openai/deployments/my-gpt/chat/completions?api-version=${API_VERSION}`,
    );
    expect(seen?.headers["api-key"]).toBe("azure-key");
    expect(await onlyEnd()).toMatchObject({
      provider: "azure.ai.openai",
      model: "my-gpt",
      responseModel: "gpt-4o-2024-08-06",
      serverAddress: "my-resource.openai.azure.com",
      serverPort: 443,
      outcome: "success",
      usage: { inputTokens: 9, outputTokens: 3 },
    });
  });

  it("reports the deployment where the request names no model", async () => {
    await client({ deployment: "team-gpt" }).chat.completions.create({ ...CHAT, model: "" });
    expect(sent.at(-1)?.url).toContain("/deployments/team-gpt/chat/completions");
    expect(await onlyEnd()).toMatchObject({ model: "team-gpt", provider: "azure.ai.openai" });
  });

  it("runs the client's own overrides: a token for each attempt, and what a subclass adds", async () => {
    answers = [
      () => Response.json({}, { status: 429, headers: { "retry-after-ms": "1" } }),
      () => Response.json(ANSWER),
    ];
    const azureADTokenProvider = vi.fn<() => Promise<string>>(async () => "token");
    class Tagged extends Client {
      protected override async prepareRequest(request: { headers?: unknown }): Promise<void> {
        const headers = new Headers(request.headers as RequestInit["headers"]);
        headers.set("x-team", "a");
        Reflect.set(request, "headers", headers);
      }
    }
    const tagged = new Tagged({
      azureADTokenProvider,
      endpoint: ENDPOINT,
      apiVersion: API_VERSION,
      maxRetries: 1,
      fetch,
    });
    await observed.clients.observe(tagged).chat.completions.create(CHAT);
    expect(azureADTokenProvider).toHaveBeenCalledTimes(2);
    expect(sent.map(({ headers }) => [headers["x-team"], headers["authorization"]])).toEqual([
      ["a", "Bearer token"],
      ["a", "Bearer token"],
    ]);
    const data = await onlyEnd();
    expect(data.attempts.map(({ result }) => result)).toEqual(["429", "ok"]);
  });

  it("streams, with chunks that have no choices", async () => {
    const text = STREAM.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
    const headers = { "content-type": "text/event-stream" };
    answers = [() => new Response(`${text}data: [DONE]\n\n`, { headers })];
    let chunks = 0;
    for await (const _chunk of await client().chat.completions.create({ ...CHAT, stream: true })) {
      chunks += 1;
    }
    expect(chunks).toBe(STREAM.length);
    expect(await onlyEnd()).toMatchObject({
      outcome: "success",
      finishReasons: ["stop"],
      responseModel: "gpt-4o-2024-08-06",
      usage: { inputTokens: 9, outputTokens: 3 },
    });
  });

  it("reports Azure's own errors", async () => {
    const error = { code: "DeploymentNotFound", message: "The API deployment does not exist." };
    answers = [() => Response.json({ error }, { status: 404 })];
    await expect(client().chat.completions.create(CHAT)).rejects.toMatchObject({ status: 404 });
    expect(await onlyEnd()).toMatchObject({ outcome: "error", errorType: "DeploymentNotFound" });
  });

  it.skipIf(version === "openai-4")("observes a copy made by withOptions() once", async () => {
    // up to 6, the SDK itself does not hand these two on
    const again = { apiVersion: API_VERSION, apiKey: "azure-key" };
    const copy = client().withOptions({ ...again, maxRetries: 1 });
    expect(copy).toBeInstanceOf(Client);
    await copy.chat.completions.create(CHAT);
    await copy
      .withOptions({ ...again, timeout: 2000 })
      .embeddings.create({ model: "my-embed", input: "a" });
    expect(observed.ended().map(({ data }) => [data.operation, data.model])).toEqual([
      ["chat", "my-gpt"],
      ["embeddings", "my-embed"],
    ]);
  });

  it("reports an upload by its deployment", async () => {
    answers = [() => Response.json({ text: "Hi", usage: { type: "duration", seconds: 2 } })];
    const file = new File([Buffer.from("bytes")], "a.mp3");
    await client({ deployment: "my-whisper" }).audio.transcriptions.create({ file, model: "" });
    expect(await onlyEnd()).toMatchObject({
      model: "my-whisper",
      wireFormat: "openai.transcriptions",
      usage: { inputAudioSeconds: 2 },
    });
  });
});
