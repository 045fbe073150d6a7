import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAiChat } from "./openai-chat.ts";

describe("OpenAI chat completions: request", () => {
  it("matches the endpoint of OpenAI, of compatible servers and of Azure", () => {
    expect(openAiChat.matches("POST", "/v1/chat/completions")).toBe(true);
    expect(openAiChat.matches("POST", "/openai/deployments/d/chat/completions")).toBe(true);
    expect(openAiChat.matches("GET", "/v1/chat/completions")).toBe(false);
    expect(openAiChat.matches("POST", "/v1/embeddings")).toBe(false);
  });

  it("reads what was sent, and no prompt text", () => {
    const request = openAiChat.readRequest(
      {
        model: "gpt-4o",
        stream: true,
        messages: [{ role: "user", content: "secret" }],
        tools: [{ type: "function", function: { name: "f" } }],
        temperature: 0,
        top_p: 0.5,
        top_k: 40,
        max_tokens: 10,
        max_completion_tokens: 20,
        frequency_penalty: 0.1,
        presence_penalty: 0.2,
        seed: 7,
        n: 3,
        stop: "END",
        response_format: { type: "json_schema" },
        reasoning_effort: "high",
        service_tier: "flex",
      },
      "/v1/chat/completions",
    );
    expect(request).toEqual({
      operation: "chat",
      model: "gpt-4o",
      stream: true,
      messagesCount: 1,
      toolsCount: 1,
      parameters: {
        temperature: 0,
        topP: 0.5,
        topK: 40,
        maxTokens: 20,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        seed: 7,
        choiceCount: 3,
        stopSequences: ["END"],
        outputType: "json",
        reasoningLevel: "high",
        serviceTier: "flex",
      },
    });
    expect(JSON.stringify(request)).not.toContain("secret");
  });

  it("takes an Azure deployment for the model where the body names none", () => {
    const { model } = openAiChat.readRequest({}, "/openai/deployments/my%20gpt/chat/completions");
    expect(model).toBe("my gpt");
  });

  it("reads anything without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        openAiChat.readRequest(body, "/v1/chat/completions");
        openAiChat.readResponse(body);
      }),
    );
  });
});

describe("OpenAI chat completions: response", () => {
  it("reads model, finish reasons, tool calls and inclusive usage", () => {
    expect(
      openAiChat.readResponse({
        id: "chatcmpl-1",
        model: "gpt-4o-2024-08-06",
        service_tier: "default",
        system_fingerprint: "fp_1",
        choices: [
          { finish_reason: "stop", message: { content: "secret" } },
          { finish_reason: "tool_calls", message: { tool_calls: [{}, {}] } },
        ],
        usage: {
          prompt_tokens: 100,
          completion_tokens: 20,
          total_tokens: 120,
          prompt_tokens_details: { cached_tokens: 60, audio_tokens: 3 },
          completion_tokens_details: { reasoning_tokens: 5, audio_tokens: 2 },
        },
      }),
    ).toEqual({
      id: "chatcmpl-1",
      model: "gpt-4o-2024-08-06",
      serviceTier: "default",
      systemFingerprint: "fp_1",
      finishReasons: ["stop", "tool_calls"],
      toolCallsCount: 2,
      usage: {
        inputTokens: 100,
        outputTokens: 20,
        cacheReadTokens: 60,
        reasoningTokens: 5,
        inputAudioTokens: 3,
        outputAudioTokens: 2,
      },
    });
  });

  it.each([
    [
      "a code",
      { code: "rate_limit_exceeded", type: "requests", message: "m" },
      "rate_limit_exceeded",
    ],
    [
      "a type",
      { code: null, type: "invalid_request_error", message: "m" },
      "invalid_request_error",
    ],
    ["neither", { message: "the prompt was: secret" }, "_OTHER"],
    ["a sentence for a code", { code: "the prompt was secret" }, "_OTHER"],
  ])("names an error with %s by a low-cardinality word", (_name, error, expected) => {
    expect(openAiChat.readResponse({ error }).errorType).toBe(expected);
  });

  it("leaves out usage that is no count", () => {
    const usage = { prompt_tokens: "12", completion_tokens: -1 };
    expect(openAiChat.readResponse({ usage }).usage).toBeUndefined();
  });
});

function chunk(fields: object): string {
  return JSON.stringify({ id: "chatcmpl-1", model: "gpt-4o-2024-08-06", ...fields });
}

function delta(content: object, finish_reason: string | null = null, index = 0): string {
  return chunk({ choices: [{ index, delta: content, finish_reason }], usage: null });
}

function read(payloads: readonly string[]) {
  const reader = openAiChat.streamReader();
  for (const payload of payloads) reader.push(payload);
  return reader;
}

describe("OpenAI chat completions: stream", () => {
  it("notices when content begins: not with the role", () => {
    const reader = openAiChat.streamReader();
    reader.push(delta({ role: "assistant", content: "" }));
    expect(reader.contentStarted).toBe(false);
    reader.push(delta({ content: "Hi" }));
    expect(reader.contentStarted).toBe(true);
  });

  it("reads usage from the last chunk, which has no choices", () => {
    const usage = { prompt_tokens: 9, completion_tokens: 2 };
    const reader = read([
      delta({ content: "Hi" }),
      delta({}, "stop"),
      chunk({ choices: [], usage }),
      "[DONE]",
    ]);
    expect(reader.complete).toBe(true);
    expect(reader.response()).toEqual({
      id: "chatcmpl-1",
      model: "gpt-4o-2024-08-06",
      finishReasons: ["stop"],
      toolCallsCount: 0,
      usage: { inputTokens: 9, outputTokens: 2 },
    });
  });

  it("takes the last of running usage totals instead of adding them up", () => {
    const payloads = [1, 2, 3].map((completion_tokens) =>
      chunk({
        choices: [{ index: 0, delta: { content: "x" } }],
        usage: { prompt_tokens: 5, completion_tokens },
      }),
    );
    expect(read(payloads).response().usage).toEqual({ inputTokens: 5, outputTokens: 3 });
  });

  it("is complete without [DONE] once every choice has finished, and not before", () => {
    const reader = read([delta({ content: "a" }), delta({ content: "b" }, null, 1)]);
    reader.push(delta({}, "stop", 1));
    expect(reader.complete).toBe(false);
    expect(reader.response().openChoices).toEqual([0]);
    reader.push(delta({}, "length"));
    expect(reader.complete).toBe(true);
    expect(reader.terminated).toBe(false);
    expect(reader.response().finishReasons).toEqual(["length", "stop"]);
    expect(reader.response()).not.toHaveProperty("openChoices");
  });

  it("counts each tool call once, however many pieces its arguments come in", () => {
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    const reader = read([
      call(0, { id: "call_1", type: "function", function: { name: "f", arguments: "" } }),
      call(0, { function: { arguments: '{"name":' } }),
      call(0, { function: { arguments: '"x"}' } }),
      call(1, { id: "call_2", type: "function", function: { name: "g", arguments: "" } }),
    ]);
    expect(reader.response().toolCallsCount).toBe(2);
    expect(reader.contentStarted).toBe(true);
  });

  it("reads an error in the middle of the stream", () => {
    const reader = read([
      delta({ content: "Hi" }),
      JSON.stringify({ error: { type: "server_error", message: "secret" } }),
    ]);
    expect(reader.response().errorType).toBe("server_error");
  });

  it("finds finish reason and usage in a chunk printed with spaces", () => {
    const reader = read([
      delta({ content: "Hi" }),
      '{ "choices": [ { "index": 0, "delta": {}, "finish_reason" : "stop" } ], "usage" : { "prompt_tokens": 1, "completion_tokens": 2 } }',
    ]);
    expect(reader.response().finishReasons).toEqual(["stop"]);
    expect(reader.response().usage).toEqual({ inputTokens: 1, outputTokens: 2 });
  });

  it("is not misled by content that quotes the format", () => {
    const content = '{"finish_reason":"stop","usage":{"prompt_tokens":999}}';
    const reader = read([delta({ content: "Hi" }), delta({ content })]);
    expect(reader.complete).toBe(false);
    expect(reader.response().usage).toBeUndefined();
  });

  it("says the same for every interleaving of choices and tool-call deltas", () => {
    const choices = fc.array(
      fc.record({
        choice: fc.nat({ max: 3 }),
        kind: fc.constantFrom("text", "tool", "finish"),
        tool: fc.nat({ max: 2 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(choices, (steps) => {
        const finished = new Map<number, string>();
        const tools = new Set<string>();
        const seen = new Set<number>();
        const payloads = steps.map(({ choice, kind, tool }) => {
          seen.add(choice);
          if (kind === "finish") {
            finished.set(choice, "stop");
            return delta({}, "stop", choice);
          }
          if (kind === "text") return delta({ content: "x" }, null, choice);
          tools.add(`${choice}:${tool}`);
          const call = { index: tool, function: { name: "f", arguments: "{}" } };
          return delta({ tool_calls: [call] }, null, choice);
        });
        const response = read(payloads).response();
        expect(response.finishReasons).toHaveLength(finished.size);
        expect(response.toolCallsCount).toBe(tools.size);
      }),
    );
  });

  it("never throws, whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (payloads) => {
        read(payloads).response();
      }),
    );
  });
});

it("reads names beyond ASCII alike from a stream and from JSON", () => {
  const model = "modèle-模型";
  const payload = Buffer.from(JSON.stringify({ model, choices: [] })).toString("latin1");
  expect(read([payload]).response().model).toBe(model);
  expect(openAiChat.readResponse({ model }).model).toBe(model);
});
