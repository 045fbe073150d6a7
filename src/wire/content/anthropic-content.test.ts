import { describe, expect, it } from "vitest";
import { anthropicContent } from "./anthropic-content.ts";

const NO_LIMIT = { perPart: 1e6, inAll: 1e6 };
const PNG = Buffer.alloc(30).toString("base64");

function payload(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("latin1");
}

describe("a request to Anthropic", () => {
  it("has its system text apart, and answers of tools as such", () => {
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } };
    const content = anthropicContent.readRequest({
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: "Hi" },
        {
          role: "user",
          content: [
            image,
            { type: "image", source: { type: "url", url: "https://example.org/a.png" } },
            { type: "document", source: { type: "file", file_id: "file_1" } },
            { type: "document", source: { type: "text", data: "A page" } },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "hm", signature: "secret" },
            { type: "redacted_thinking", data: "secret" },
            { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", content: "rainy" },
            { type: "tool_result", tool_use_id: "t2", content: [image] },
          ],
        },
      ],
      tools: [
        { name: "f", description: "d", input_schema: { type: "object" } },
        { type: "web_search_20250305", name: "web_search" },
      ],
    });
    const blob = { kind: "blob", modality: "image", mimeType: "image/png", sizeBytes: 30 };
    expect(content).toEqual({
      systemInstructions: [{ kind: "text", text: "Be brief." }],
      messages: [
        { role: "user", parts: [{ kind: "text", text: "Hi" }] },
        {
          role: "user",
          parts: [
            blob,
            { kind: "uri", modality: "image", uri: "https://example.org/a.png" },
            { kind: "file", modality: "document", fileId: "file_1" },
            { kind: "text", text: "A page" },
          ],
        },
        {
          role: "assistant",
          parts: [
            { kind: "reasoning", text: "hm" },
            { kind: "generic", name: "redacted_thinking" },
            { kind: "tool_call", id: "t1", name: "f", arguments: { value: { a: 1 } } },
          ],
        },
        {
          role: "tool",
          parts: [
            { kind: "tool_call_response", id: "t1", response: { text: "rainy" } },
            { kind: "tool_call_response", id: "t2", response: { parts: [blob] } },
          ],
        },
      ],
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "object" } },
        { type: "web_search_20250305", name: "web_search" },
      ],
    });
    expect(JSON.stringify(content)).not.toContain("secret");
  });
});

describe("an answer of Anthropic", () => {
  const events = [
    { type: "message_start", message: { role: "assistant", content: [] } },
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } },
    { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "s" } },
    { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
    {
      type: "content_block_start",
      index: 2,
      content_block: { type: "tool_use", id: "t", name: "f", input: {} },
    },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Grü" } },
    {
      type: "content_block_delta",
      index: 2,
      delta: { type: "input_json_delta", partial_json: '{"a"' },
    },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "ße" } },
    {
      type: "content_block_delta",
      index: 2,
      delta: { type: "input_json_delta", partial_json: ":1}" },
    },
    { type: "ping" },
    { type: "message_delta", delta: { stop_reason: "tool_use" } },
    { type: "message_stop" },
  ];

  it("is one message", () => {
    const content = [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "Grüße" },
      { type: "tool_use", id: "t", name: "f", input: { a: 1 } },
    ];
    expect(
      anthropicContent.readResponse({ role: "assistant", content, stop_reason: "tool_use" }),
    ).toEqual([
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "hm" },
          { kind: "text", text: "Grüße" },
          { kind: "tool_call", id: "t", name: "f", arguments: { value: { a: 1 } } },
        ],
        finishReason: "tool_use",
      },
    ]);
    expect(anthropicContent.readResponse({ type: "error", error: { message: "no" } })).toEqual([]);
  });

  it("is put together from a stream, as far as it came", () => {
    const stream = anthropicContent.stream(NO_LIMIT);
    expect(stream.messages()).toEqual([]);
    for (const event of events.slice(0, 8)) stream.push(payload(event));
    expect(stream.messages()).toEqual([
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "hm" },
          { kind: "text", text: "Grü" },
          { kind: "tool_call", id: "t", name: "f", arguments: { text: '{"a"' } },
        ],
      },
    ]);
    for (const event of events.slice(8)) stream.push(payload(event));
    expect(stream.messages()).toEqual([
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "hm" },
          { kind: "text", text: "Grüße" },
          { kind: "tool_call", id: "t", name: "f", arguments: { text: '{"a":1}' } },
        ],
        finishReason: "tool_use",
      },
    ]);
  });
});
