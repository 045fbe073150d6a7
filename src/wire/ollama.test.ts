import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toLatin1 } from "./latin1.ts";
import { createNdjsonScanner } from "./ndjson-scanner.ts";
import { ollamaChat, ollamaEmbed, ollamaGenerate } from "./ollama.ts";

const READERS = [ollamaChat, ollamaGenerate, ollamaEmbed];

describe("Ollama: request", () => {
  it.each([
    ["/api/chat", "ollama.chat"],
    ["/ollama/api/chat", "ollama.chat"],
    ["/api/generate", "ollama.generate"],
    ["/api/embed", "ollama.embed"],
    ["/api/tags", undefined],
    ["/api/pull", undefined],
  ])("of %s is %s", (path, format) => {
    expect(READERS.find((reader) => reader.matches("POST", path))?.format).toBe(format);
    expect(READERS.some((reader) => reader.matches("GET", path))).toBe(false);
  });

  it("is told from a chat of an application's own", () => {
    expect(ollamaChat.recognizes?.({ model: "llama3.2", messages: [] })).toBe(true);
    expect(ollamaChat.recognizes?.({ messages: [{ text: "Hi" }] })).toBe(false);
    expect(ollamaGenerate.recognizes?.({ model: "llama3.2", prompt: "Hi" })).toBe(true);
    expect(ollamaGenerate.recognizes?.(undefined)).toBe(false);
  });

  it("is read without its prompt, and streams unless told not to", () => {
    const body = {
      model: "llama3.2",
      messages: [{ role: "user", content: "secret" }],
      tools: [{ type: "function" }],
      format: "json",
      think: "high",
      options: {
        temperature: 0,
        top_p: 0.5,
        top_k: 40,
        num_predict: 100,
        frequency_penalty: 0.1,
        presence_penalty: 0.2,
        seed: 7,
        stop: ["END"],
      },
    };
    const request = ollamaChat.readRequest(body, "/api/chat");
    expect(request).toEqual({
      operation: "chat",
      model: "llama3.2",
      stream: true,
      messagesCount: 1,
      toolsCount: 1,
      parameters: {
        temperature: 0,
        topP: 0.5,
        topK: 40,
        maxTokens: 100,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        seed: 7,
        stopSequences: ["END"],
        outputType: "json",
        reasoningLevel: "high",
      },
    });
    expect(ollamaChat.readRequest({ ...body, stream: false }, "/api/chat").stream).toBe(false);
  });

  it("counts what is to be completed or embedded", () => {
    const count = (reader: typeof ollamaEmbed, body: object) => reader.readRequest(body, "");
    expect(count(ollamaGenerate, { prompt: "Hi" })).toMatchObject({
      operation: "text_completion",
      messagesCount: 1,
      stream: true,
    });
    expect(count(ollamaEmbed, { input: ["a", "b"] })).toMatchObject({
      operation: "embeddings",
      messagesCount: 2,
      stream: false,
    });
    expect(count(ollamaEmbed, { input: "a" }).messagesCount).toBe(1);
  });

  it("knows no limit of tokens where there is none", () => {
    const { parameters } = ollamaChat.readRequest({ options: { num_predict: -1 } }, "/api/chat");
    expect(parameters).toEqual({});
  });

  it("reads anything without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...READERS), (body, reader) => {
        reader.recognizes?.(body);
        reader.readRequest(body, "/api/chat");
        reader.readResponse(body);
      }),
    );
  });
});

describe("Ollama: response", () => {
  it("has model, reason, tool calls and usage", () => {
    expect(
      ollamaChat.readResponse({
        model: "llama3.2",
        message: { role: "assistant", content: "secret", tool_calls: [{}, {}] },
        done: true,
        done_reason: "stop",
        prompt_eval_count: 26,
        eval_count: 5,
        eval_duration: 4709213000,
      }),
    ).toEqual({
      model: "llama3.2",
      finishReasons: ["stop"],
      toolCallsCount: 2,
      usage: { inputTokens: 26, outputTokens: 5 },
    });
  });

  it("of embeddings has input alone", () => {
    const body = { model: "all-minilm", embeddings: [[0.1]], prompt_eval_count: 8 };
    expect(ollamaEmbed.readResponse(body).usage).toEqual({ inputTokens: 8 });
  });

  it("that is an error never shows its sentence", () => {
    for (const error of ["model 'secret' not found", "secret"]) {
      expect(ollamaChat.readResponse({ error }).errorType).toBe("_OTHER");
    }
  });
});

const LINES = [
  { model: "llama3.2", message: { role: "assistant", content: "" }, done: false },
  { model: "llama3.2", message: { role: "assistant", content: "Grüße 😀" }, done: false },
  { model: "llama3.2", message: { role: "assistant", content: '{"done":true}' }, done: false },
  {
    model: "llama3.2",
    message: { content: "", tool_calls: [{ function: { name: "f", arguments: { done: false } } }] },
    done: false,
  },
  {
    model: "llama3.2",
    message: { role: "assistant", content: "" },
    done: true,
    done_reason: "stop",
    prompt_eval_count: 26,
    eval_count: 298,
  },
];
const RESPONSE = {
  model: "llama3.2",
  finishReasons: ["stop"],
  toolCallsCount: 1,
  usage: { inputTokens: 26, outputTokens: 298 },
};

function read(lines: readonly object[], print = (line: object) => JSON.stringify(line)) {
  const reader = ollamaChat.streamReader();
  for (const line of lines) reader.push(toLatin1(Buffer.from(print(line))));
  return reader;
}

describe("Ollama: stream", () => {
  it("reads lines to the last, however they are printed", () => {
    expect(read(LINES).response()).toEqual(RESPONSE);
    expect(read(LINES).terminated).toBe(true);
    const spaced = read(LINES, (line) => JSON.stringify(line, null, 1));
    expect(spaced.response()).toEqual(RESPONSE);
    expect(spaced.complete).toBe(true);
  });

  it("says the same for a stream split at any byte", () => {
    const text = LINES.map((line) => `${JSON.stringify(line)}\n`).join("");
    const bytes = new TextEncoder().encode(text);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), (points) => {
        const reader = ollamaChat.streamReader();
        const scanner = createNdjsonScanner((payload) => reader.push(payload));
        let start = 0;
        for (const end of [...points.toSorted((a, b) => a - b), bytes.length]) {
          scanner.push(bytes.subarray(start, (start = end)));
        }
        scanner.end();
        expect(reader.response()).toEqual(RESPONSE);
      }),
    );
  });

  it.each([
    ["a message", { message: { content: "Hi" } }],
    ["thinking of a message", { message: { thinking: "Hm" } }],
    ["a tool call", { message: { content: "", tool_calls: [{}] } }],
    ["a completion", { response: "Hi" }],
    ["thinking of a completion", { response: "", thinking: "Hm" }],
  ])("notices when %s begins", (_what, line) => {
    expect(read(LINES.slice(0, 1)).contentStarted).toBe(false);
    expect(read([...LINES.slice(0, 1), { ...line, done: false }]).contentStarted).toBe(true);
  });

  it("is not complete before the last line", () => {
    expect(read(LINES.slice(0, -1)).complete).toBe(false);
  });

  it("reads an error in the middle of the stream", () => {
    const reader = read([...LINES.slice(0, 2), { error: "the secret runner was killed" }]);
    expect(reader.response().errorType).toBe("_OTHER");
    expect(reader.complete).toBe(false);
  });

  it("never throws, whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (payloads) => {
        const reader = ollamaChat.streamReader();
        for (const payload of payloads) reader.push(payload);
        reader.response();
      }),
    );
  });
});
