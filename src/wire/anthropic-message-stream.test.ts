import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anthropicMessages } from "./anthropic-messages.ts";
import { toLatin1 } from "./latin1.ts";
import { createSseScanner } from "./sse-scanner.ts";

const START = {
  type: "message_start",
  message: {
    id: "msg_1",
    model: "claude-sonnet-4-5-20250929",
    content: [],
    stop_reason: null,
    usage: {
      input_tokens: 10,
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 60,
      output_tokens: 1,
      service_tier: "standard",
    },
  },
};
const MESSAGE_DELTA = {
  type: "message_delta",
  delta: { stop_reason: "tool_use", stop_sequence: null },
  usage: { input_tokens: null, cache_read_input_tokens: null, output_tokens: 25 },
};
const STOP = { type: "message_stop" };

function blockStart(index: number, content_block: object) {
  return { type: "content_block_start", index, content_block };
}

function delta(index: number, fields: object) {
  return { type: "content_block_delta", index, delta: fields };
}

const MESSAGE = [
  START,
  blockStart(0, { type: "text", text: "" }),
  { type: "ping" },
  delta(0, { type: "text_delta", text: "Grüße 😀 " }),
  delta(0, { type: "text_delta", text: '{"type":"message_stop"}' }),
  { type: "content_block_stop", index: 0 },
  blockStart(1, { type: "tool_use", id: "toolu_1", name: "f", input: {} }),
  delta(1, { type: "input_json_delta", partial_json: '{"a":' }),
  delta(1, { type: "input_json_delta", partial_json: "1}" }),
  { type: "content_block_stop", index: 1 },
  MESSAGE_DELTA,
  STOP,
];

const RESPONSE = {
  id: "msg_1",
  model: "claude-sonnet-4-5-20250929",
  finishReasons: ["tool_use"],
  toolCallsCount: 1,
  serviceTier: "standard",
  usage: { inputTokens: 100, outputTokens: 25, cacheReadTokens: 60, cacheWriteTokens: 30 },
};

function read(events: readonly object[], print = (event: object) => JSON.stringify(event)) {
  const reader = anthropicMessages.streamReader();
  for (const event of events) reader.push(toLatin1(Buffer.from(print(event))));
  return reader;
}

describe("Anthropic messages: stream", () => {
  it("reads a message to its end", () => {
    const reader = read(MESSAGE);
    expect(reader.response()).toEqual(RESPONSE);
    expect(reader.complete).toBe(true);
    expect(reader.terminated).toBe(true);
  });

  it("says the same however the events are printed", () => {
    expect(read(MESSAGE, (event) => JSON.stringify(event, null, 1)).response()).toEqual(RESPONSE);
    const reversed = (event: object) =>
      JSON.stringify(Object.fromEntries(Object.entries(event).toReversed()));
    expect(read(MESSAGE, reversed).response()).toEqual(RESPONSE);
  });

  it("says the same for a stream split at any byte", () => {
    const text = MESSAGE.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    const bytes = new TextEncoder().encode(text.join(""));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), (points) => {
        const reader = anthropicMessages.streamReader();
        const scanner = createSseScanner((payload) => reader.push(payload));
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
    ["text", blockStart(0, { type: "text", text: "" }), delta(0, { text: "Hi" })],
    ["thinking", blockStart(0, { type: "thinking", thinking: "" }), delta(0, { thinking: "Hm" })],
  ])("notices when %s begins: not with its block", (_kind, start, first) => {
    expect(read([START, start]).contentStarted).toBe(false);
    expect(read([START, start, first]).contentStarted).toBe(true);
  });

  it("takes a tool call for content from its block on", () => {
    const reader = read([START, blockStart(0, { type: "tool_use", name: "f" })]);
    expect(reader.contentStarted).toBe(true);
  });

  it("does not take the placeholder of the start for the output", () => {
    const reader = read(MESSAGE.slice(0, 4));
    expect(reader.complete).toBe(false);
    expect(reader.response().usage).toEqual({
      inputTokens: 100,
      cacheReadTokens: 60,
      cacheWriteTokens: 30,
    });
  });

  it("takes the last of running totals, and keeps what a null leaves open", () => {
    const more = {
      type: "message_delta",
      delta: {},
      usage: { input_tokens: 11, output_tokens: 7 },
    };
    expect(read([START, more, MESSAGE_DELTA]).response().usage).toMatchObject({
      inputTokens: 101,
      outputTokens: 25,
    });
  });

  it("is not complete with a stop reason alone", () => {
    expect(read(MESSAGE.slice(0, -1)).complete).toBe(false);
  });

  it("reads an error in the middle of the stream", () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "secret" } };
    expect(read([...MESSAGE.slice(0, 4), error]).response().errorType).toBe("overloaded_error");
  });

  it("never throws, whatever comes", () => {
    const events = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom(...MESSAGE.map(({ type }) => type), "error"),
          message: fc.jsonValue(),
          content_block: fc.jsonValue(),
          delta: fc.jsonValue(),
          usage: fc.jsonValue(),
          error: fc.jsonValue(),
        })
        .map((event) => JSON.stringify(event)),
    );
    fc.assert(
      fc.property(fc.array(events), (payloads) => {
        const reader = anthropicMessages.streamReader();
        for (const payload of payloads) reader.push(payload);
        reader.response();
      }),
    );
  });
});
