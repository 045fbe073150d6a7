import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toLangfuseSpan } from "../../src/sinks/langfuse/to-langfuse-span.ts";
import { createSpanAround } from "../../src/sinks/spans/index.ts";
import {
  eventStream,
  OPENAI_VERSIONS,
  type OpenAiFixture,
  startOpenAiFixture,
} from "../support/openai-fixture.ts";
import { responseEvents, responseObject } from "../support/openai-responses.ts";
import { json } from "../support/scripted-server.ts";

const REQUEST = {
  model: "gpt-4o-mini",
  user: "user-7",
  metadata: { note: "not content" },
  messages: [
    { role: "system" as const, content: "Be brief." },
    { role: "user" as const, content: "I am joe@example.org. Weather in Köln?" },
  ],
  tools: [
    {
      type: "function" as const,
      function: { name: "get_weather", description: "The weather", parameters: { type: "object" } },
    },
  ],
};

const CALL = { id: "call_1", type: "function", function: { name: "get_weather" } };
const ARGUMENTS = '{"city":"Köln","apiKey":"k-1"}';

const ANSWER = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    {
      index: 0,
      finish_reason: "tool_calls",
      message: {
        role: "assistant",
        content: "Einen Moment …",
        refusal: null,
        tool_calls: [{ ...CALL, function: { ...CALL.function, arguments: ARGUMENTS } }],
      },
    },
  ],
};

const DELTAS = [
  { role: "assistant", content: "" },
  { content: "Einen " },
  { tool_calls: [{ index: 0, ...CALL, function: { ...CALL.function, arguments: "" } }] },
  ...["Moment", " …"].map((content) => ({ content })),
  ...[ARGUMENTS.slice(0, 12), ARGUMENTS.slice(12)].map((piece) => ({
    tool_calls: [{ index: 0, function: { arguments: piece } }],
  })),
];
const CHUNKS = [...DELTAS, {}].map((delta, at) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-4o-mini-2024-07-18",
  choices: [{ index: 0, delta, finish_reason: at === DELTAS.length ? "tool_calls" : null }],
}));

const CONTENT = {
  inputMessages: [
    { role: "system", parts: [{ type: "text", content: "Be brief." }] },
    { role: "user", parts: [{ type: "text", content: "I am [REDACTED:email]. Weather in Köln?" }] },
  ],
  outputMessages: [
    {
      role: "assistant",
      parts: [
        { type: "text", content: "Einen Moment …" },
        {
          type: "tool_call",
          id: "call_1",
          name: "get_weather",
          arguments: { city: "Köln", apiKey: "[REDACTED:key]" },
        },
      ],
      finish_reason: "tool_call",
    },
  ],
  toolDefinitions: [{ type: "function", name: "get_weather" }],
};

async function drain<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe.each(OPENAI_VERSIONS)("content of %s", (version) => {
  let exporter: InMemorySpanExporter;
  let fixture: OpenAiFixture;

  beforeEach(async () => {
    exporter = new InMemorySpanExporter();
    const processors = [new SimpleSpanProcessor(exporter)];
    const provider = new BasicTracerProvider({ spanProcessors: processors });
    fixture = await startOpenAiFixture(version, {
      around: createSpanAround(provider.getTracer("test")),
      content: {},
    });
  });

  afterEach(() => fixture.close());

  /** What content the span has, attribute by attribute; the attributes of a Langfuse copy are the same. */
  function spanContent(): object {
    const [span] = exporter.getFinishedSpans();
    if (span === undefined) throw new Error("no span");
    const text = JSON.stringify(span.attributes);
    for (const secret of ["joe@example.org", "k-1", "user-7", "not content", "The weather"]) {
      expect(text).not.toContain(secret);
    }
    expect(toLangfuseSpan(span).attributes).toMatchObject(span.attributes);
    const entries = Object.entries(span.attributes).filter(([, value]) =>
      /^[[{]/.test(String(value)),
    );
    return Object.fromEntries(entries.map(([name, value]) => [name, JSON.parse(String(value))]));
  }

  const SPAN_CONTENT = {
    "gen_ai.input.messages": CONTENT.inputMessages,
    "gen_ai.output.messages": CONTENT.outputMessages,
    "gen_ai.tool.definitions": CONTENT.toolDefinitions,
  };

  it("is captured from a call, which stays as it is", async () => {
    fixture.server.answers = [json(ANSWER)];
    const bare = await fixture.bare().chat.completions.create(REQUEST);
    expect(await fixture.client().chat.completions.create(REQUEST)).toEqual(bare);
    expect(fixture.server.bodies[1]).toBe(fixture.server.bodies[0]);
    expect((await fixture.onlyEnd()).content).toEqual(CONTENT);
    expect(spanContent()).toEqual(SPAN_CONTENT);
  });

  it("is captured from a stream, which stays as it is", async () => {
    const request = { ...REQUEST, stream: true as const };
    fixture.server.answers = [eventStream(CHUNKS, "[DONE]")];
    const bare = await drain(await fixture.bare().chat.completions.create(request));
    expect(await drain(await fixture.client().chat.completions.create(request))).toEqual(bare);
    expect(fixture.server.bodies[1]).toBe(fixture.server.bodies[0]);
    expect((await fixture.onlyEnd()).content).toEqual(CONTENT);
    expect(spanContent()).toEqual(SPAN_CONTENT);
  });

  it("is what had come when a stream is left", async () => {
    fixture.server.answers = [{ ...eventStream(CHUNKS), delayMs: 5 }];
    const stream = await fixture.client().chat.completions.create({ ...REQUEST, stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content === "Moment") break;
    }
    const end = await fixture.onlyEnd();
    expect(end.outcome).toBe("abandoned");
    expect(end.content?.outputMessages).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "text", content: "Einen Moment" },
          { type: "tool_call", id: "call_1", name: "get_weather", arguments: "" },
        ],
        finish_reason: "error",
      },
    ]);
  });

  it("of a refused call has no word of the error", async () => {
    const error = { message: "secret words", code: "rate_limit_exceeded" };
    fixture.server.answers = [json({ error }, 429)];
    await expect(fixture.client().chat.completions.create(REQUEST)).rejects.toThrow("secret words");
    const { content } = await fixture.onlyEnd();
    expect(content).toEqual({
      inputMessages: CONTENT.inputMessages,
      toolDefinitions: CONTENT.toolDefinitions,
    });
    expect(JSON.stringify(exporter.getFinishedSpans()[0]?.attributes)).not.toContain("secret");
  });

  // the oldest has no Responses API
  const ways = version === "openai-4-oldest" ? [] : ["plain", "streamed"];
  it.each(ways)("of the Responses API is captured: %s", async (how) => {
    const streamed = how === "streamed";
    fixture.server.answers = [
      streamed ? eventStream(responseEvents("completed")) : json(responseObject("completed")),
    ];
    const request = { model: "gpt-4o-mini", input: "Hi", instructions: "Be brief." };
    const client: OpenAI = fixture.client();
    if (streamed) await drain(await client.responses.create({ ...request, stream: true }));
    else await client.responses.create(request);
    expect((await fixture.onlyEnd()).content).toEqual({
      inputMessages: [{ role: "user", parts: [{ type: "text", content: "Hi" }] }],
      outputMessages: [
        {
          role: "assistant",
          parts: [{ type: "text", content: "Guten Tag, schöne Welt" }],
          finish_reason: "stop",
        },
      ],
      systemInstructions: [{ type: "text", content: "Be brief." }],
    });
  });
});

describe("content that can't be redacted", () => {
  it("is shown nowhere, and the call does not notice", async () => {
    await using fixture = await disposable({
      redactor: {
        isSecretKey: () => false,
        text: () => {
          throw new Error("joe");
        },
      },
    });
    fixture.server.answers = [json(ANSWER)];
    expect(await fixture.client().chat.completions.create(REQUEST)).toEqual(
      await fixture.bare().chat.completions.create(REQUEST),
    );
    const end = await fixture.onlyEnd();
    expect(end).toMatchObject({ outcome: "success", toolCallsCount: 1 });
    expect(end.content).toBeUndefined();
    const { diagnostics, problems } = fixture.observed;
    expect([...diagnostics.counters.dropped.values()]).toEqual([
      { destination: "content", reason: "redaction_failed", count: 1 },
    ]);
    expect(problems.splice(0)).toEqual([expect.stringMatching(/redaction\.custom/)]);
  });
});

async function disposable(
  content: NonNullable<Parameters<typeof startOpenAiFixture>[1]>["content"],
) {
  const fixture = await startOpenAiFixture("openai", content === undefined ? {} : { content });
  return { ...fixture, [Symbol.asyncDispose]: () => fixture.close() };
}
