import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promptTextWeight, streamedTextScale } from "./text-weight.ts";

/** Of a payload as it comes off the wire: bytes as Latin-1 characters. */
function measure(format: string, payload: unknown): number | undefined {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  return streamedTextScale(format)?.(Buffer.from(text).toString("latin1"));
}

const chat = (delta: object) => ({ id: "x", choices: [{ index: 0, delta }] });

describe("the text of a payload", () => {
  it.each<[string, unknown, number]>([
    ["openai.chat_completions", chat({ content: "Hello" }), 5],
    ["openai.chat_completions", chat({ content: "Grüße, мир" }), 10],
    ["openai.chat_completions", chat({ content: "你好 👋" }), 11],
    ["openai.chat_completions", chat({ content: 'a"b\\c\n' }), 6],
    ["openai.chat_completions", '{"choices":[{"delta":{"content": "\\u4f60\\u597d\\u0416"}}]}', 7],
    ["openai.chat_completions", chat({ tool_calls: [{ function: { arguments: '{"a":1}' } }] }), 7],
    ["openai.chat_completions", chat({ content: 'the "content":"x" of it' }), 23],
    ["openai.chat_completions", { choices: [{ delta: {}, logprobs: { content: [] } }] }, 0],
    ["openai.completions", { choices: [{ text: "abc" }] }, 3],
    ["openai.responses", { type: "response.output_text.delta", delta: "abc" }, 3],
    ["openai.responses", { type: "response.output_text.done", text: "abc" }, 0],
    ["anthropic.messages", { type: "content_block_delta", delta: { partial_json: "{}" } }, 2],
    ["gemini.generate_content", { candidates: [{ content: { parts: [{ text: "ab" }] } }] }, 2],
    ["ollama.chat", { message: { content: "ab", thinking: "c" }, done: false }, 3],
    ["ollama.generate", { response: "abcd", done: false }, 4],
  ])("of %s %j is weighed", (format, payload, expected) => {
    expect(measure(format, payload)).toBe(expected);
  });

  it("is none in formats that stream media", () => {
    expect(measure("openai.images", {})).toBeUndefined();
    expect(measure("toString", {})).toBeUndefined();
  });

  it("weighs the same in a payload as in a request", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (content) => {
        expect(measure("openai.chat_completions", chat({ content }))).toBe(
          promptTextWeight({ input: content }),
        );
      }),
    );
  });

  it("is found in whatever comes without going wrong", () => {
    fc.assert(
      fc.property(fc.string(), (payload) => {
        expect(measure("openai.chat_completions", `"content":"${payload}`)).toBeGreaterThanOrEqual(
          0,
        );
      }),
    );
  });
});

describe("the text of a request", () => {
  it("is that of its messages, instructions and tools", () => {
    expect(
      promptTextWeight({
        model: "a name that is no prompt",
        messages: [
          { role: "user", content: "Grüße" },
          { role: "user", content: [{ type: "text", text: "abc" }] },
        ],
        instructions: "be kind",
        tools: [{ type: "function", function: { name: "f" } }],
      }),
    ).toBe(4 + 5 + 4 + 4 + 3 + 7 + 8 + 1);
  });

  it("leaves media out", () => {
    const image = {
      type: "image_url",
      image_url: { url: `data:image/png;base64,${"A".repeat(999)}` },
    };
    const inline = { inlineData: { data: "A".repeat(999) } };
    expect(promptTextWeight({ contents: [{ parts: [inline] }] })).toBe(0);
    expect(promptTextWeight({ messages: [{ content: [image] }] })).toBe("image_url".length);
  });

  it("is bounded, and nothing in what is no request", () => {
    expect(
      promptTextWeight({ input: Array.from({ length: 300_000 }, () => "a") }),
    ).toBeLessThanOrEqual(100_000);
    expect(promptTextWeight(undefined)).toBe(0);
    expect(promptTextWeight("text")).toBe(0);
  });
});
