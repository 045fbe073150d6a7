import Anthropic from "@anthropic-ai/sdk";
import { Ollama } from "ollama";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { observedClients, type ObservedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";
import {
  json,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "../support/scripted-server.ts";

let server: ScriptedServer;
let observed: ObservedClients;

beforeEach(async () => {
  server = await startScriptedServer();
  observed = observedClients({ content: {} });
});

afterEach(async () => {
  observed.tracker.shutdown();
  await server.close();
  expect(observed.problems).toEqual([]);
});

async function content() {
  await poll("an end", () => observed.ended().length > 0);
  const [event, ...others] = observed.ended();
  if (event === undefined || others.length > 0) throw new Error("not one end");
  return event.data.content;
}

async function drain<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function lines(values: readonly object[]): ScriptedAnswer {
  const parts = values.map((value) => `${JSON.stringify(value)}\n`);
  return { contentType: "application/x-ndjson", parts };
}

function sse(events: readonly { type: string }[]): ScriptedAnswer {
  const parts = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return { contentType: "text/event-stream; charset=utf-8", parts };
}

describe("content of @anthropic-ai/sdk", () => {
  const request = {
    model: "claude-sonnet-4-6",
    max_tokens: 100,
    system: "Be brief.",
    messages: [{ role: "user" as const, content: "My card is 4111 1111 1111 1111." }],
    tools: [
      {
        name: "pay",
        description: "Pays",
        input_schema: { type: "object" as const, properties: {} },
      },
    ],
  };
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-6",
    content: [
      { type: "text", text: "Grüße" },
      { type: "tool_use", id: "t1", name: "pay", input: { pin: 1234 } },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const captured = {
    inputMessages: [
      { role: "user", parts: [{ type: "text", content: "My card is [REDACTED:card]." }] },
    ],
    outputMessages: [
      {
        role: "assistant",
        parts: [
          { type: "text", content: "Grüße" },
          { type: "tool_call", id: "t1", name: "pay", arguments: { pin: "[REDACTED:key]" } },
        ],
        finish_reason: "tool_call",
      },
    ],
    systemInstructions: [{ type: "text", content: "Be brief." }],
    toolDefinitions: [{ type: "function", name: "pay" }],
  };

  function bare(): Anthropic {
    return new Anthropic({ apiKey: "sk-test", baseURL: server.url, maxRetries: 0 });
  }

  it("is captured from a call, which stays as it is", async () => {
    server.answers = [json(message)];
    const expected = await bare().messages.create(request);
    expect(await observed.clients.observe(bare()).messages.create(request)).toEqual(expected);
    expect(await content()).toEqual(captured);
  });

  it("is captured from a stream, which stays as it is", async () => {
    server.answers = [
      sse([
        { type: "message_start", message: { ...message, content: [], stop_reason: null } },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        ...["Grü", "ße"].map((text) => ({
          type: "content_block_delta",
          index: 0,
          delta: { type: "text_delta", text },
        })),
        { type: "content_block_stop", index: 0 },
        {
          type: "content_block_start",
          index: 1,
          content_block: { type: "tool_use", id: "t1", name: "pay", input: {} },
        },
        ...['{"pin"', ":1234}"].map((partial_json) => ({
          type: "content_block_delta",
          index: 1,
          delta: { type: "input_json_delta", partial_json },
        })),
        { type: "content_block_stop", index: 1 },
        { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 1 } },
        { type: "message_stop" },
      ] as { type: string }[]),
    ];
    const streamed = { ...request, stream: true as const };
    const expected = await drain(await bare().messages.create(streamed));
    const client = observed.clients.observe(bare());
    expect(await drain(await client.messages.create(streamed))).toEqual(expected);
    expect(await content()).toEqual(captured);
  });
});

describe("content of ollama", () => {
  const request = {
    model: "llama3.2",
    messages: [{ role: "user", content: "Hi", images: [Buffer.alloc(30).toString("base64")] }],
  };
  const end = { model: "llama3.2", done: true, done_reason: "stop" };
  const captured = {
    inputMessages: [
      {
        role: "user",
        parts: [
          { type: "text", content: "Hi" },
          { type: "blob", modality: "image", content: "[base64 30 bytes]" },
        ],
      },
    ],
    outputMessages: [
      {
        role: "assistant",
        parts: [{ type: "text", content: "Grüße" }],
        finish_reason: "stop",
      },
    ],
  };

  it("is captured from a call, which stays as it is", async () => {
    server.answers = [json({ ...end, message: { role: "assistant", content: "Grüße" } })];
    const expected = await new Ollama({ host: server.url }).chat(structuredClone(request));
    const client = observed.clients.observe(new Ollama({ host: server.url }));
    expect(await client.chat(structuredClone(request))).toEqual(expected);
    expect(await content()).toEqual(captured);
  });

  it("is captured from a stream, which stays as it is", async () => {
    const pieces = ["Grü", "ße"].map((text) => ({
      model: "llama3.2",
      message: { role: "assistant", content: text },
      done: false,
    }));
    server.answers = [lines([...pieces, { ...end, message: { role: "assistant", content: "" } }])];
    const streamed = { ...structuredClone(request), stream: true as const };
    const expected = await drain(
      await new Ollama({ host: server.url }).chat(structuredClone(streamed)),
    );
    const client = observed.clients.observe(new Ollama({ host: server.url }));
    expect(await drain(await client.chat(streamed))).toEqual(expected);
    expect(await content()).toEqual(captured);
  });
});

describe("content of Gemini by an observed fetch", () => {
  it.each(["generateContent", "streamGenerateContent"])("is captured: %s", async (method) => {
    const candidate = { index: 0, content: { role: "model", parts: [{ text: "Grüße" }] } };
    const answer = { candidates: [{ ...candidate, finishReason: "STOP" }] };
    const isStream = method === "streamGenerateContent";
    server.answers = [isStream ? json([answer]) : json(answer)];
    const body = JSON.stringify({ contents: [{ parts: [{ text: "Hi" }] }] });
    const url = `${server.url}/v1beta/models/gemini-2.5-flash:${method}`;
    const response = await observed.fetches.observe(fetch)(url, { method: "POST", body });
    await response.json();
    expect(await content()).toEqual({
      inputMessages: [{ role: "user", parts: [{ type: "text", content: "Hi" }] }],
      outputMessages: [
        {
          role: "assistant",
          parts: [{ type: "text", content: "Grüße" }],
          finish_reason: "stop",
        },
      ],
    });
  });
});
