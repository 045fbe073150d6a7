import { describe, expect, it } from "vitest";
import { anthropicMessages } from "./anthropic-messages.ts";
import { estimateInputTokens, estimatingReader } from "./estimate-usage.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiImages } from "./openai-images.ts";

const delta = (content: string, more: object = {}) =>
  JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });

function read(payloads: readonly string[], reader = openAiChat) {
  const stream = estimatingReader(reader, 7).streamReader();
  for (const payload of payloads) stream.push(payload);
  return stream;
}

describe("a stream without usage", () => {
  it("has an estimate of it, as far as it came", () => {
    const stream = read([delta(""), delta("Hello "), delta("there")]);
    expect(stream.response().usage).toEqual({ inputTokens: 7, outputTokens: 3, estimated: "all" });
    stream.push(delta(", you", {}));
    expect(stream.response().usage?.outputTokens).toBe(4);
  });

  it("has none before its content has begun: what was billed is not known", () => {
    expect(read([delta("")]).response()).not.toHaveProperty("usage");
  });

  it("is otherwise what it was", () => {
    const payloads = [
      delta("a"),
      JSON.stringify({ choices: [{ index: 0, finish_reason: "stop" }] }),
    ];
    const plain = openAiChat.streamReader();
    for (const payload of payloads) plain.push(payload);
    const stream = read([...payloads]);
    const { usage: _estimate, ...response } = stream.response();
    expect(response).toEqual(plain.response());
    expect(stream).toMatchObject({
      contentStarted: true,
      contentChunks: 1,
      complete: true,
      terminated: false,
    });
    stream.push("[DONE]");
    expect(stream.terminated).toBe(true);
  });
});

describe("what the provider told", () => {
  it("stays, and nothing is estimated then", () => {
    const usage = { prompt_tokens: 100, completion_tokens: 20 };
    const told = { inputTokens: 100, outputTokens: 20 };
    expect(read([delta("Hello", { usage })]).response().usage).toEqual(told);
  });

  it("stays where it is a half: a message that is cut told its input alone", () => {
    const start = { type: "message_start", message: { usage: { input_tokens: 50 } } };
    const text = { type: "content_block_delta", delta: { type: "text_delta", text: "Hello" } };
    const payloads = [start, text].map((event) => JSON.stringify(event));
    expect(read(payloads, anthropicMessages).response().usage).toEqual({
      inputTokens: 50,
      outputTokens: 2,
      estimated: "output",
    });
  });
});

it("a format that streams no text is read as it was", () => {
  expect(estimatingReader(openAiImages, 7)).toBe(openAiImages);
});

it("input is estimated by its text and the number of its messages", () => {
  const body = { messages: [{ content: "a".repeat(40) }, { content: "b".repeat(41) }] };
  expect(estimateInputTokens({ messagesCount: 2 }, body)).toBe(21 + 8);
});
