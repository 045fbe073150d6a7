import { describe, expect, it } from "vitest";
import { openAiResponsesContent } from "./openai-responses-content.ts";

const NO_LIMIT = { perPart: 1e6, inAll: 1e6 };

function payload(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("latin1");
}

describe("a request of the Responses API", () => {
  it("has instructions apart, and its items as messages", () => {
    expect(
      openAiResponsesContent.readRequest({
        instructions: "Be brief.",
        input: [
          { role: "user", content: "Hi" },
          {
            type: "message",
            role: "user",
            content: [
              { type: "input_text", text: "See" },
              { type: "input_image", image_url: "https://example.org/a.png" },
              { type: "input_file", file_id: "file-1" },
            ],
          },
          { type: "reasoning", id: "rs", summary: [{ type: "summary_text", text: "hm" }] },
          { type: "function_call", call_id: "c1", name: "f", arguments: '{"a":1}' },
          { type: "function_call_output", call_id: "c1", output: "rainy" },
          { type: "web_search_call", action: { query: "secret" } },
        ],
        tools: [
          { type: "function", name: "f", description: "d", parameters: {} },
          { type: "web_search" },
          { type: "mcp", server_label: "files", server_url: "https://secret" },
        ],
      }),
    ).toEqual({
      messages: [
        { role: "user", parts: [{ kind: "text", text: "Hi" }] },
        {
          role: "user",
          parts: [
            { kind: "text", text: "See" },
            { kind: "uri", modality: "image", uri: "https://example.org/a.png" },
            { kind: "file", modality: "document", fileId: "file-1" },
          ],
        },
        { role: "assistant", parts: [{ kind: "reasoning", text: "hm" }] },
        {
          role: "assistant",
          parts: [{ kind: "tool_call", id: "c1", name: "f", arguments: { text: '{"a":1}' } }],
        },
        {
          role: "tool",
          parts: [{ kind: "tool_call_response", id: "c1", response: { text: "rainy" } }],
        },
        { role: "assistant", parts: [{ kind: "generic", name: "web_search_call" }] },
      ],
      systemInstructions: [{ kind: "text", text: "Be brief." }],
      tools: [
        { type: "function", name: "f", description: "d", parameters: {} },
        { type: "web_search" },
        { type: "mcp", name: "files" },
      ],
    });
  });

  it("may be one text", () => {
    expect(openAiResponsesContent.readRequest({ input: "Hi" }).messages).toEqual([
      { role: "user", parts: [{ kind: "text", text: "Hi" }] },
    ]);
  });
});

describe("an answer of the Responses API", () => {
  const output = [
    { type: "reasoning", summary: [{ type: "summary_text", text: "hm, hm" }] },
    {
      type: "message",
      role: "assistant",
      content: [{ type: "output_text", text: "Grüße", annotations: [] }],
    },
    { type: "function_call", call_id: "c1", name: "f", arguments: '{"a":1}' },
    { type: "image_generation_call", result: "AAAA" },
  ];
  const parts = [
    { kind: "reasoning", text: "hm, hm" },
    { kind: "text", text: "Grüße" },
    { kind: "tool_call", id: "c1", name: "f", arguments: { text: '{"a":1}' } },
    { kind: "generic", name: "image_generation_call" },
  ];
  const events = [
    { type: "response.created", response: { status: "in_progress", output: [] } },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { type: "reasoning", summary: [] },
    },
    ...["hm,", " hm"].map((delta) => ({
      type: "response.reasoning_summary_text.delta",
      output_index: 0,
      delta,
    })),
    { type: "response.output_item.added", output_index: 1, item: { type: "message", content: [] } },
    {
      type: "response.output_item.added",
      output_index: 2,
      item: { type: "function_call", call_id: "c1", name: "f", arguments: "" },
    },
    ...["Grü", "ße"].map((delta) => ({
      type: "response.output_text.delta",
      output_index: 1,
      delta,
    })),
    ...['{"a"', ":1}"].map((delta) => ({
      type: "response.function_call_arguments.delta",
      output_index: 2,
      delta,
    })),
    {
      type: "response.output_item.added",
      output_index: 3,
      item: { type: "image_generation_call", result: null },
    },
    { type: "response.image_generation_call.partial_image", output_index: 3, partial: "AAAA" },
  ];

  it("is one message of all its items", () => {
    expect(openAiResponsesContent.readResponse({ status: "completed", output })).toEqual([
      { role: "assistant", parts, finishReason: "tool_call" },
    ]);
    const incomplete_details = { reason: "max_output_tokens" };
    expect(
      openAiResponsesContent.readResponse({ status: "incomplete", incomplete_details, output: [] }),
    ).toEqual([{ role: "assistant", parts: [], finishReason: "max_output_tokens" }]);
    expect(openAiResponsesContent.readResponse({ error: { message: "no" } })).toEqual([]);
  });

  it("is put together from the deltas of a stream that was cut", () => {
    const stream = openAiResponsesContent.stream(NO_LIMIT);
    for (const event of events) stream.push(payload(event));
    expect(stream.messages()).toEqual([{ role: "assistant", parts }]);
  });

  it("is taken from the event that ends the stream", () => {
    const stream = openAiResponsesContent.stream(NO_LIMIT);
    for (const event of events.slice(0, 3)) stream.push(payload(event));
    stream.push(payload({ type: "response.completed", response: { status: "completed", output } }));
    expect(stream.messages()).toEqual([{ role: "assistant", parts, finishReason: "tool_call" }]);
  });

  it("keeps what came before a failure", () => {
    const stream = openAiResponsesContent.stream(NO_LIMIT);
    for (const event of events.slice(0, 4)) stream.push(payload(event));
    stream.push(payload({ type: "response.failed", response: { status: "failed", output: [] } }));
    expect(stream.messages()).toEqual([
      { role: "assistant", parts: [{ kind: "reasoning", text: "hm, hm" }] },
    ]);
  });
});
