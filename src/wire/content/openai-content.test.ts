import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAiChatContent } from "./openai-chat-content.ts";
import { openAiCompletionsContent } from "./openai-completions-content.ts";

const NO_LIMIT = { perPart: 1e6, inAll: 1e6 };
const PNG = Buffer.alloc(30).toString("base64");

/** As a stream's payloads come: the bytes of UTF-8, one character each. */
function payload(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("latin1");
}

describe("a chat request", () => {
  it("has its messages in the order sent, with every kind of part", () => {
    const content = openAiChatContent.readRequest({
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          name: "anna",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
            { type: "image_url", image_url: { url: "https://example.org/a.png" } },
            { type: "input_audio", input_audio: { data: PNG, format: "wav" } },
            { type: "file", file: { file_id: "file-1" } },
            { type: "file", file: { file_data: `data:application/pdf;base64,${PNG}` } },
            { type: "hologram", secret: "x" },
          ],
        },
        {
          role: "assistant",
          content: null,
          refusal: null,
          tool_calls: [
            { id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
            { id: "c2", type: "custom", custom: { name: "g", input: "free text" } },
          ],
        },
        { role: "tool", tool_call_id: "c1", content: "rainy" },
        { role: "tool", tool_call_id: "c2", content: [{ type: "text", text: "sunny" }] },
      ],
      tools: [
        {
          type: "function",
          function: { name: "f", description: "d", parameters: { type: "object" } },
        },
        { type: "custom", custom: { name: "g" } },
      ],
    });
    expect(content).toEqual({
      messages: [
        { role: "system", parts: [{ kind: "text", text: "Be brief." }] },
        {
          role: "user",
          name: "anna",
          parts: [
            { kind: "text", text: "What is this?" },
            { kind: "blob", modality: "image", mimeType: "image/png", sizeBytes: 30 },
            { kind: "uri", modality: "image", uri: "https://example.org/a.png" },
            { kind: "blob", modality: "audio", mimeType: "audio/wav", sizeBytes: 30 },
            { kind: "file", modality: "document", fileId: "file-1" },
            { kind: "blob", modality: "document", mimeType: "application/pdf", sizeBytes: 30 },
            { kind: "generic", name: "hologram" },
          ],
        },
        {
          role: "assistant",
          parts: [
            { kind: "tool_call", id: "c1", name: "f", arguments: { text: '{"a":1}' } },
            { kind: "tool_call", id: "c2", name: "g", arguments: { text: "free text" } },
          ],
        },
        {
          role: "tool",
          parts: [{ kind: "tool_call_response", id: "c1", response: { text: "rainy" } }],
        },
        {
          role: "tool",
          parts: [
            {
              kind: "tool_call_response",
              id: "c2",
              response: { parts: [{ kind: "text", text: "sunny" }] },
            },
          ],
        },
      ],
      systemInstructions: [],
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "object" } },
        { type: "custom", name: "g" },
      ],
    });
    expect(JSON.stringify(content)).not.toContain(PNG);
  });
});

describe("a chat answer", () => {
  it("has one message for each choice", () => {
    expect(
      openAiChatContent.readResponse({
        choices: [
          { index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hi" } },
          {
            index: 1,
            finish_reason: "tool_calls",
            message: {
              role: "assistant",
              content: null,
              reasoning_content: "hm",
              tool_calls: [{ id: "c", function: { name: "f", arguments: "{}" } }],
            },
          },
          {
            index: 2,
            finish_reason: "stop",
            message: { audio: { data: PNG, transcript: "spoken" }, refusal: "no" },
          },
        ],
      }),
    ).toEqual([
      { role: "assistant", parts: [{ kind: "text", text: "Hi" }], finishReason: "stop" },
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "hm" },
          { kind: "tool_call", id: "c", name: "f", arguments: { text: "{}" } },
        ],
        finishReason: "tool_calls",
      },
      {
        role: "assistant",
        parts: [
          { kind: "text", text: "no" },
          { kind: "text", text: "spoken" },
          { kind: "blob", modality: "audio", sizeBytes: 30 },
        ],
        finishReason: "stop",
      },
    ]);
  });

  it("is put together from a stream, however choices and calls are interleaved", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    const call = fc.record({ id: text, name: text, json: text });
    const choice = fc.record({
      content: text,
      thought: text,
      calls: fc.array(call, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(choice, { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(fc.nat()),
        (choices, picks) => {
          const plain = choices.map(({ content, thought, calls }, index) => ({
            index,
            finish_reason: "stop",
            message: {
              role: "assistant",
              content,
              reasoning_content: thought,
              tool_calls: calls.map(({ id, name, json }) => ({
                id,
                function: { name, arguments: json },
              })),
            },
          }));
          // the deltas of each choice and call stay in order among themselves; all else is shuffled
          const lanes = choices.flatMap(({ content, thought, calls }, index) => [
            Array.from(content).map((piece) => ({ index, delta: { content: piece } })),
            Array.from(thought).map((piece) => ({ index, delta: { reasoning_content: piece } })),
            ...calls.map(({ id, name, json }, at) => [
              {
                index,
                delta: { tool_calls: [{ index: at, id, function: { name, arguments: "" } }] },
              },
              ...Array.from(json).map((piece) => ({
                index,
                delta: { tool_calls: [{ index: at, function: { arguments: piece } }] },
              })),
            ]),
            [{ index, delta: {}, finish_reason: "stop" }],
          ]) as object[][];
          const stream = openAiChatContent.stream(NO_LIMIT);
          while (lanes.some((lane) => lane.length > 0)) {
            const open = lanes.filter((lane) => lane.length > 0);
            const next = open[(picks.next().value ?? 0) % open.length]?.shift();
            stream.push(payload({ choices: [next] }));
          }
          stream.push("[DONE]");
          expect(stream.messages()).toEqual(openAiChatContent.readResponse({ choices: plain }));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is held no further than the limits, and its length is still known", () => {
    const stream = openAiChatContent.stream({ perPart: 5, inAll: 8 });
    for (const content of ["abc", "def", "ghi"]) {
      stream.push(payload({ choices: [{ index: 0, delta: { content } }] }));
      stream.push(payload({ choices: [{ index: 1, delta: { content } }] }));
    }
    expect(stream.messages().map(({ parts }) => parts)).toEqual([
      [{ kind: "text", text: { text: "abcde", length: 9 } }],
      [{ kind: "text", text: { text: "abc", length: 9 } }],
    ]);
  });

  it("may be anything", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const stream = openAiChatContent.stream(NO_LIMIT);
        openAiChatContent.readRequest(body);
        openAiChatContent.readRequest({ messages: body, tools: body });
        openAiChatContent.readResponse(body);
        openAiChatContent.readResponse({ choices: body });
        stream.push(payload({ choices: body }));
        stream.push(payload(body));
        expect(Array.isArray(stream.messages())).toBe(true);
      }),
    );
  });
});

describe("a legacy completion", () => {
  it("has prompts and texts", () => {
    expect(openAiCompletionsContent.readRequest({ prompt: ["a", "b"] }).messages).toEqual([
      { role: "user", parts: [{ kind: "text", text: "a" }] },
      { role: "user", parts: [{ kind: "text", text: "b" }] },
    ]);
    expect(openAiCompletionsContent.readRequest({ prompt: [1, 2] }).messages).toEqual([]);
    const choices = [{ index: 0, text: "c", finish_reason: "length" }];
    const messages = [
      { role: "assistant", parts: [{ kind: "text", text: "c" }], finishReason: "length" },
    ];
    expect(openAiCompletionsContent.readResponse({ choices })).toEqual(messages);
    const stream = openAiCompletionsContent.stream(NO_LIMIT);
    stream.push(payload({ choices }));
    expect(stream.messages()).toEqual(messages);
  });
});
