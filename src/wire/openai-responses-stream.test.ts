import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type ResponseEvent,
  responseEvents,
  responseObject,
} from "../../test/support/openai-responses.ts";
import { openAiResponsesStreamReader } from "./openai-responses-stream.ts";
import { createSseScanner } from "./sse-scanner.ts";

const USAGE = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, reasoningTokens: 5 };

function read(events: readonly ResponseEvent[]) {
  const reader = openAiResponsesStreamReader();
  for (const event of events) reader.push(JSON.stringify(event));
  return reader;
}

describe("OpenAI responses: stream", () => {
  it("is complete with its last event, which has the usage", () => {
    const events = responseEvents("completed");
    const reader = read(events.slice(0, -1));
    expect(reader.complete).toBe(false);
    reader.push(JSON.stringify(events.at(-1)));
    expect(reader.complete).toBe(true);
    expect(reader.terminated).toBe(true);
    expect(reader.response()).toEqual({
      id: "resp_1",
      model: "gpt-4o-mini-2024-07-18",
      serviceTier: "default",
      finishReasons: ["stop"],
      toolCallsCount: 0,
      usage: USAGE,
    });
  });

  it("that is incomplete tells why, and its usage", () => {
    const reader = read(responseEvents("incomplete"));
    expect(reader.complete).toBe(true);
    const { finishReasons, usage, errorType } = reader.response();
    expect({ finishReasons, usage }).toEqual({
      finishReasons: ["max_output_tokens"],
      usage: USAGE,
    });
    expect(errorType).toBeUndefined();
  });

  it("that failed tells the code, and its usage", () => {
    const { errorType, finishReasons, usage } = read(responseEvents("failed")).response();
    expect({ errorType, finishReasons, usage }).toEqual({
      errorType: "server_error",
      finishReasons: [],
      usage: USAGE,
    });
  });

  it.each([
    ["its own fields", { type: "error", code: "rate_limit_exceeded", message: "s" }],
    ["an error object", { type: "error", error: { code: "rate_limit_exceeded" } }],
    ["no type", { error: { type: "rate_limit_exceeded", message: "s" } }],
  ])("reads an error event with %s, and goes on to read what follows", (_what, event) => {
    const reader = read([...responseEvents("completed").slice(0, 5), event]);
    expect(reader.terminated).toBe(false);
    expect(reader.response()).toMatchObject({ id: "resp_1", errorType: "rate_limit_exceeded" });
    reader.push(JSON.stringify(responseEvents("failed").at(-1)));
    expect(reader.response()).toMatchObject({ errorType: "server_error", usage: USAGE });
  });

  it("knows an error without a code", () => {
    const event = { type: "error", code: null, message: "the secret prompt" };
    expect(read([event]).response().errorType).toBe("_OTHER");
  });

  it("notices when content begins: not with the response, nor with an item", () => {
    const reader = openAiResponsesStreamReader();
    const [created, inProgress, item, part, delta] = responseEvents("completed");
    for (const event of [created, inProgress, item, part]) reader.push(JSON.stringify(event));
    expect(reader.contentStarted).toBe(false);
    reader.push(JSON.stringify(delta));
    expect(reader.contentStarted).toBe(true);
  });

  it.each([
    "response.output_text.delta",
    "response.refusal.delta",
    "response.function_call_arguments.delta",
    "response.custom_tool_call_input.delta",
    "response.reasoning_summary_text.delta",
    "response.reasoning_text.delta",
  ])("takes a %s for content, unless it is empty", (type) => {
    expect(read([{ type, delta: "x" }]).contentStarted).toBe(true);
    expect(read([{ type, delta: "" }]).contentStarted).toBe(false);
  });

  it("counts tool calls, also of a stream that breaks off", () => {
    const call = { type: "function_call", name: "f", arguments: "" };
    const events: ResponseEvent[] = [
      { type: "response.created", response: responseObject("in_progress") },
      { type: "response.output_item.added", output_index: 0, item: call },
      { type: "response.function_call_arguments.delta", delta: '{"type":"function_call"}' },
      { type: "response.output_item.done", output_index: 0, item: call },
      { type: "response.output_item.added", output_index: 1, item: { type: "web_search_call" } },
      { type: "response.output_item.added", output_index: 2, item: call },
    ];
    expect(read(events).response().toolCallsCount).toBe(2);
    const response = { ...responseObject("completed"), output: [call, call] };
    const whole = read([...events, { type: "response.completed", response }]);
    expect(whole.response().toolCallsCount).toBe(2);
  });

  it("finds the end in an event printed with spaces, the type last", () => {
    const reader = read(responseEvents("completed").slice(0, 5));
    const { response } = responseEvents("completed").at(-1) ?? {};
    reader.push(JSON.stringify({ response, type: "response.completed" }, null, 1));
    expect(reader.response()).toMatchObject({ finishReasons: ["stop"], usage: USAGE });
  });

  it("takes no text that looks like an end for one", () => {
    const reader = read(responseEvents("completed").slice(0, 5));
    const texts = ['"type":"response.completed"', "response.completed", "error"];
    for (const delta of texts)
      reader.push(JSON.stringify({ type: "response.output_text.delta", delta }));
    expect(reader.complete).toBe(false);
    expect(reader.response().errorType).toBeUndefined();
  });

  it("parses no delta once content has begun", () => {
    const reader = read(responseEvents("completed").slice(0, 5));
    const delta = JSON.stringify({ type: "response.output_text.delta", delta: "more" });
    const parse = vi.spyOn(JSON, "parse");
    for (let count = 0; count < 100; count += 1) reader.push(delta);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it("ends with [DONE] where a compatible server sends it", () => {
    const reader = openAiResponsesStreamReader();
    reader.push("[DONE]");
    expect(reader.terminated).toBe(true);
  });

  it("reads anything without throwing", () => {
    const payload = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(fc.array(payload), (payloads) => {
        const reader = openAiResponsesStreamReader();
        for (const text of payloads) reader.push(text);
        reader.response();
      }),
    );
  });

  it("reads the same however its bytes are split", () => {
    const bytes = Buffer.from(
      responseEvents("completed")
        .map((event) => `event: ${event.type ?? ""}\ndata: ${JSON.stringify(event)}\n\n`)
        .join(""),
    );
    for (let at = 0; at <= bytes.length; at += 1) {
      const reader = openAiResponsesStreamReader();
      const scanner = createSseScanner((payload) => reader.push(payload));
      scanner.push(bytes.subarray(0, at));
      scanner.push(bytes.subarray(at));
      expect(reader.response()).toMatchObject({ finishReasons: ["stop"], usage: USAGE });
    }
  });
});
