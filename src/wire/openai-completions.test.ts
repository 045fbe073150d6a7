import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAiCompletions } from "./openai-completions.ts";

const PATH = "/v1/completions";

describe("OpenAI legacy completions", () => {
  it("matches their endpoint, not that of chat completions", () => {
    expect(openAiCompletions.matches("POST", PATH)).toBe(true);
    expect(openAiCompletions.matches("POST", "/openai/deployments/d/completions")).toBe(true);
    expect(openAiCompletions.matches("POST", "/v1/chat/completions")).toBe(false);
    expect(openAiCompletions.matches("GET", PATH)).toBe(false);
  });

  it("are told from another service's by model and prompt", () => {
    expect(openAiCompletions.recognizes?.({ model: "m", prompt: "Hi" })).toBe(true);
    expect(openAiCompletions.recognizes?.({ course: 1, user: 2 })).toBe(false);
  });

  it("read what was sent, and no prompt text", () => {
    const body = {
      model: "gpt-3.5-turbo-instruct",
      prompt: ["secret", "secret"],
      suffix: "secret",
      max_tokens: 5,
      temperature: 0,
      n: 2,
      stop: ["\n"],
    };
    expect(openAiCompletions.readRequest(body, PATH)).toEqual({
      operation: "text_completion",
      model: "gpt-3.5-turbo-instruct",
      stream: false,
      messagesCount: 2,
      toolsCount: 0,
      parameters: { maxTokens: 5, temperature: 0, choiceCount: 2, stopSequences: ["\n"] },
    });
  });

  it("read model, finish reasons and usage of an answer", () => {
    expect(
      openAiCompletions.readResponse({
        id: "cmpl-1",
        object: "text_completion",
        model: "gpt-3.5-turbo-instruct:20230824-v2",
        choices: [
          { text: "secret", index: 0, logprobs: null, finish_reason: "length" },
          { text: "secret", index: 1, logprobs: null, finish_reason: "stop" },
        ],
        usage: { prompt_tokens: 4, completion_tokens: 10, total_tokens: 14 },
      }),
    ).toEqual({
      id: "cmpl-1",
      model: "gpt-3.5-turbo-instruct:20230824-v2",
      finishReasons: ["length", "stop"],
      toolCallsCount: 0,
      usage: { inputTokens: 4, outputTokens: 10 },
    });
  });

  it("read a stream: content begins with the first text", () => {
    const reader = openAiCompletions.streamReader();
    const push = (text: string, finish_reason: string | null) =>
      reader.push(
        JSON.stringify({ id: "cmpl-1", model: "m", choices: [{ text, index: 0, finish_reason }] }),
      );
    push("", null);
    expect(reader.contentStarted).toBe(false);
    push("Hi", null);
    expect(reader.contentStarted).toBe(true);
    push("", "stop");
    expect(reader.complete).toBe(true);
    reader.push(JSON.stringify({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 1 } }));
    reader.push("[DONE]");
    expect(reader.response()).toEqual({
      id: "cmpl-1",
      model: "m",
      finishReasons: ["stop"],
      toolCallsCount: 0,
      usage: { inputTokens: 4, outputTokens: 1 },
    });
  });

  it("read anything without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        openAiCompletions.recognizes?.(body);
        openAiCompletions.readRequest(body, PATH);
        openAiCompletions.readResponse(body);
      }),
    );
  });
});
