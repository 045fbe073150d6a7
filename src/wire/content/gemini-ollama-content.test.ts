import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wireReaders } from "../wire-readers.ts";
import { geminiContent } from "./gemini-content.ts";
import { ollamaChatContent, ollamaGenerateContent } from "./ollama-content.ts";

const NO_LIMIT = { perPart: 1e6, inAll: 1e6 };
const PNG = Buffer.alloc(30).toString("base64");

function payload(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("latin1");
}

describe("Gemini", () => {
  it("has its instructions apart, and the model's words are the assistant's", () => {
    expect(
      geminiContent.readRequest({
        systemInstruction: { parts: [{ text: "Be brief." }] },
        contents: [
          { parts: [{ text: "See" }, { inlineData: { mimeType: "image/png", data: PNG } }] },
          { role: "user", parts: [{ fileData: { mimeType: "video/mp4", fileUri: "gs://b/v" } }] },
          { role: "model", parts: [{ functionCall: { name: "f", args: { a: 1 } } }] },
          { role: "user", parts: [{ functionResponse: { name: "f", response: { b: 2 } } }] },
          { role: "model", parts: [{ executableCode: { code: "secret" } }] },
        ],
        tools: [
          {
            functionDeclarations: [{ name: "f", description: "d", parameters: { type: "OBJECT" } }],
          },
          { googleSearch: {} },
        ],
      }),
    ).toEqual({
      systemInstructions: [{ kind: "text", text: "Be brief." }],
      messages: [
        {
          role: "user",
          parts: [
            { kind: "text", text: "See" },
            { kind: "blob", modality: "image", mimeType: "image/png", sizeBytes: 30 },
          ],
        },
        {
          role: "user",
          parts: [{ kind: "uri", modality: "video", mimeType: "video/mp4", uri: "gs://b/v" }],
        },
        {
          role: "assistant",
          parts: [{ kind: "tool_call", id: "f", name: "f", arguments: { value: { a: 1 } } }],
        },
        {
          role: "tool",
          parts: [{ kind: "tool_call_response", id: "f", response: { value: { b: 2 } } }],
        },
        { role: "assistant", parts: [{ kind: "generic", name: "executableCode" }] },
      ],
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "OBJECT" } },
        { type: "googleSearch" },
      ],
    });
  });

  it("answers the same whole, as a list of chunks, and as a stream", () => {
    const candidate = (index: number, part: object, finishReason?: string) => ({
      index,
      content: { role: "model", parts: [part] },
      finishReason,
    });
    const chunks = [
      { candidates: [candidate(0, { text: "hm", thought: true }), candidate(1, { text: "B" })] },
      { candidates: [candidate(0, { text: "Grü" })] },
      { candidates: [candidate(0, { text: "ße" })] },
      { candidates: [candidate(0, { functionCall: { id: "c", name: "f", args: {} } }, "STOP")] },
      { candidates: [candidate(1, { text: "b" }, "MAX_TOKENS")] },
    ];
    const messages = [
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "hm" },
          { kind: "text", text: "Grüße" },
          { kind: "tool_call", id: "c", name: "f", arguments: { value: {} } },
        ],
        finishReason: "STOP",
      },
      { role: "assistant", parts: [{ kind: "text", text: "Bb" }], finishReason: "MAX_TOKENS" },
    ];
    expect(geminiContent.readResponse(chunks)).toEqual(messages);
    const stream = geminiContent.stream(NO_LIMIT);
    for (const chunk of chunks) stream.push(payload(chunk));
    expect(stream.messages()).toEqual(messages);
    expect(geminiContent.readResponse({ error: { message: "no" } })).toEqual([]);
  });
});

describe("Ollama", () => {
  it("has messages with images and calls", () => {
    expect(
      ollamaChatContent.readRequest({
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "See", images: [PNG] },
          {
            role: "assistant",
            content: "",
            thinking: "hm",
            tool_calls: [{ function: { name: "f", arguments: { a: 1 } } }],
          },
          { role: "tool", tool_name: "f", content: "rainy" },
        ],
        tools: [{ type: "function", function: { name: "f", description: "d" } }],
      }),
    ).toEqual({
      messages: [
        { role: "system", parts: [{ kind: "text", text: "Be brief." }] },
        {
          role: "user",
          parts: [
            { kind: "text", text: "See" },
            { kind: "blob", modality: "image", sizeBytes: 30 },
          ],
        },
        {
          role: "assistant",
          parts: [
            { kind: "reasoning", text: "hm" },
            { kind: "tool_call", name: "f", arguments: { value: { a: 1 } } },
          ],
        },
        {
          role: "tool",
          parts: [{ kind: "tool_call_response", id: "f", response: { text: "rainy" } }],
        },
      ],
      systemInstructions: [],
      tools: [{ type: "function", name: "f", description: "d" }],
    });
    expect(
      ollamaGenerateContent.readRequest({ prompt: "See", system: "Be brief.", images: [PNG] }),
    ).toEqual({
      messages: [
        {
          role: "user",
          parts: [
            { kind: "text", text: "See" },
            { kind: "blob", modality: "image", sizeBytes: 30 },
          ],
        },
      ],
      systemInstructions: [{ kind: "text", text: "Be brief." }],
      tools: [],
    });
  });

  it.each([
    [
      "chat",
      (fields: { text?: string; thinking?: string }) => ({
        message: { role: "assistant", content: fields.text ?? "", thinking: fields.thinking },
      }),
    ],
    [
      "generate",
      (fields: { text?: string; thinking?: string }) => ({
        response: fields.text ?? "",
        thinking: fields.thinking,
      }),
    ],
  ])("answers the same whole and in lines: %s", (_api, line) => {
    const messages = [
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "hm" },
          { kind: "text", text: "Grüße" },
        ],
        finishReason: "stop",
      },
    ];
    expect(
      ollamaChatContent.readResponse({
        ...line({ thinking: "hm", text: "Grüße" }),
        done_reason: "stop",
      }),
    ).toEqual(messages);
    const stream = ollamaChatContent.stream(NO_LIMIT);
    stream.push(payload(line({ thinking: "h" })));
    stream.push(payload(line({ thinking: "m" })));
    stream.push(payload(line({ text: "Grü" })));
    stream.push(payload(line({ text: "ße" })));
    stream.push(payload({ ...line({}), done: true, done_reason: "stop" }));
    expect(stream.messages()).toEqual(messages);
    expect(ollamaChatContent.readResponse({ error: "no" })).toEqual([]);
  });
});

describe("every format with content", () => {
  const formats = wireReaders.flatMap(({ format, content }) =>
    content === undefined ? [] : [{ format, content }],
  );

  it("is one that has messages", () => {
    expect(formats.map(({ format }) => format)).toEqual([
      "openai.chat_completions",
      "openai.responses",
      "openai.completions",
      "openai.responses_compact",
      "anthropic.messages",
      "ollama.chat",
      "ollama.generate",
      "gemini.generate_content",
    ]);
  });

  it.each(formats)("$format reads anything without throwing", ({ content }) => {
    const fields = [
      "messages",
      "input",
      "contents",
      "prompt",
      "system",
      "tools",
      "choices",
      "content",
      "output",
      "candidates",
      "message",
      "response",
      "type",
      "role",
      "parts",
      "delta",
      "index",
      "item",
    ];
    const odd = fc.object({
      key: fc.constantFrom(...fields),
      maxDepth: 5,
      withNullPrototype: false,
    });
    fc.assert(
      fc.property(odd, (body) => {
        const stream = content.stream({ perPart: 10, inAll: 20 });
        content.readRequest(body);
        content.readResponse(body);
        stream.push(payload(body));
        expect(Array.isArray(stream.messages())).toBe(true);
      }),
    );
  });
});
