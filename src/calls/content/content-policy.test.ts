import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDiagnostics } from "../../diagnostics/index.ts";
import type { Outcome } from "../../events/index.ts";
import { createRedactor, type RedactorOptions } from "../../redaction/index.ts";
import { type RedactionPattern, redactionPatterns } from "../../semconv/index.ts";
import { wireReaders } from "../../wire/index.ts";
import { ContentPolicy, type ContentPolicyOptions } from "./content-policy.ts";

interface Options extends Partial<Omit<ContentPolicyOptions, "redactor">> {
  readonly redaction?: Partial<RedactorOptions>;
}

function setUp({ redaction, ...options }: Options = {}) {
  const problems: string[] = [];
  const diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  const patterns = Object.keys(redactionPatterns) as RedactionPattern[];
  const policy = new ContentPolicy({
    capture: "full",
    target: "all",
    maxPartCharacters: 1000,
    maxListCharacters: 10_000,
    toolSchemas: false,
    redactor: createRedactor({ keys: [], patterns, ...redaction }),
    diagnostics,
    ...options,
  });
  return { policy, diagnostics, problems };
}

function readerOf(format: string) {
  const reader = wireReaders.find((candidate) => candidate.format === format);
  if (reader === undefined) throw new Error(`no ${format}`);
  return reader;
}

const CHAT = readerOf("openai.chat_completions");

const REQUEST = {
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", name: "anna", content: "I am joe@example.org" },
    {
      role: "assistant",
      tool_calls: [
        {
          id: "c1",
          function: { name: "log_in", arguments: '{"user":"joe","password":"hunter2"}' },
        },
        { id: "c2", function: { name: "log_in", arguments: '{"password":"hunt' } },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: '{"auth":{"id":"hunter2"},"ok":true}' },
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
        { type: "image_url", image_url: { url: "https://e.org/a.png?sig=hunter2" } },
        { type: "file", file: { file_id: "file-1" } },
        { type: "hologram", text: "hunter2" },
      ],
    },
  ],
  tools: [
    { type: "function", function: { name: "log_in", description: "d", parameters: { a: 1 } } },
  ],
};
const ANSWER = {
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      message: { role: "assistant", content: "Hi joe@example.org" },
    },
    {
      index: 1,
      finish_reason: "tool_calls",
      message: {
        role: "assistant",
        tool_calls: [{ id: "c3", function: { name: "f", arguments: "{}" } }],
      },
    },
  ],
};

interface Call {
  readonly request?: unknown;
  readonly answer?: unknown;
  readonly outcome?: Outcome;
}

/** What is shown of one chat. */
function capture(
  options: Options = {},
  { request = REQUEST, answer = ANSWER, outcome = "success" }: Call = {},
) {
  const { policy, diagnostics, problems } = setUp(options);
  const recorder = policy.record(CHAT, request);
  recorder?.reading(CHAT).readResponse(answer);
  const { forSpan, forEvent } = recorder?.finish(outcome) ?? {};
  return { forSpan, forEvent, dropped: [...diagnostics.counters.dropped.values()], problems };
}

describe("content in full", () => {
  it("has the shapes of the conventions, without what is secret", () => {
    const { forSpan, forEvent } = capture();
    expect(forSpan).toEqual({
      inputMessages: [
        { role: "system", parts: [{ type: "text", content: "Be brief." }] },
        { role: "user", name: "anna", parts: [{ type: "text", content: "I am [REDACTED:email]" }] },
        {
          role: "assistant",
          parts: [
            {
              type: "tool_call",
              id: "c1",
              name: "log_in",
              arguments: { user: "joe", password: "[REDACTED:key]" },
            },
            {
              type: "tool_call",
              id: "c2",
              name: "log_in",
              arguments: '{"password":[REDACTED:key]',
            },
          ],
        },
        {
          role: "tool",
          parts: [
            {
              type: "tool_call_response",
              id: "c1",
              response: '{"auth":"[REDACTED:key]","ok":true}',
            },
          ],
        },
        {
          role: "user",
          parts: [
            {
              type: "blob",
              modality: "image",
              mime_type: "image/png",
              content: "[base64 3 bytes]",
            },
            { type: "uri", modality: "image", uri: "https://e.org/a.png?sig=[REDACTED:key]" },
            { type: "file", modality: "document", file_id: "file-1" },
            { type: "generic", generic_type: "hologram" },
          ],
        },
      ],
      outputMessages: [
        {
          role: "assistant",
          parts: [{ type: "text", content: "Hi [REDACTED:email]" }],
          finish_reason: "stop",
        },
        {
          role: "assistant",
          parts: [{ type: "tool_call", id: "c3", name: "f", arguments: {} }],
          finish_reason: "tool_call",
        },
      ],
      toolDefinitions: [{ type: "function", name: "log_in" }],
    });
    expect(forEvent).toEqual(forSpan);
  });

  it("can't be changed by one who reads it", () => {
    const [message] = capture().forEvent?.inputMessages ?? [];
    for (const frozen of [message, message?.parts, message?.parts[0]]) {
      expect(Object.isFrozen(frozen)).toBe(true);
    }
  });

  it("has schemas of tools only if they are asked for", () => {
    expect(capture({ toolSchemas: true }).forSpan?.toolDefinitions).toEqual([
      { type: "function", name: "log_in", description: "d", parameters: { a: 1 } },
    ]);
  });

  it("goes where it is told to, and nowhere else", () => {
    expect(capture({ target: "spans" }).forEvent).toBeUndefined();
    expect(capture({ target: "spans" }).forSpan).toBeDefined();
    expect(capture({ target: "events" }).forSpan).toBeUndefined();
    expect(capture({ target: "events" }).forEvent).toBeDefined();
  });

  it("of an answer that was cut off has the finish reason error", () => {
    const { policy } = setUp();
    const recorder = policy.record(CHAT, {});
    const stream = recorder?.reading(CHAT).streamReader();
    stream?.push('{"choices":[{"index":0,"delta":{"content":"Hal"}}]}');
    expect(recorder?.finish("abandoned")?.forSpan).toEqual({
      outputMessages: [
        { role: "assistant", parts: [{ type: "text", content: "Hal" }], finish_reason: "error" },
      ],
    });
  });

  it("of an attempt that was followed by another one is forgotten", () => {
    const { policy } = setUp();
    const recorder = policy.record(CHAT, {});
    recorder?.reading(CHAT).readResponse(ANSWER);
    recorder?.reading(CHAT);
    expect(recorder?.finish("error")?.forSpan).toEqual({});
  });

  it("is none for a format that has no messages", () => {
    expect(setUp().policy.record(readerOf("openai.embeddings"), { input: "text" })).toBeUndefined();
  });
});

describe("metadata of content", () => {
  it("has the same shapes without anything that was said", () => {
    const { forSpan } = capture({ capture: "metadata" });
    expect(forSpan).toEqual({
      inputMessages: [
        { role: "system", parts: [{ type: "text", content_length: 9 }] },
        { role: "user", parts: [{ type: "text", content_length: 20 }] },
        {
          role: "assistant",
          parts: [
            { type: "tool_call", name: "log_in", arguments_length: 35 },
            { type: "tool_call", name: "log_in", arguments_length: 17 },
          ],
        },
        { role: "tool", parts: [{ type: "tool_call_response", response_length: 35 }] },
        {
          role: "user",
          parts: [
            { type: "blob", modality: "image", mime_type: "image/png", size_bytes: 3 },
            { type: "uri", modality: "image" },
            { type: "file", modality: "document" },
            { type: "generic", generic_type: "hologram" },
          ],
        },
      ],
      outputMessages: [
        {
          role: "assistant",
          parts: [{ type: "text", content_length: 18 }],
          finish_reason: "stop",
        },
        {
          role: "assistant",
          parts: [{ type: "tool_call", name: "f", arguments_length: 2 }],
          finish_reason: "tool_call",
        },
      ],
      toolDefinitions: [{ type: "function", name: "log_in" }],
    });
  });

  it("counts what is streamed and holds none of it", () => {
    const { policy } = setUp({ capture: "metadata" });
    const recorder = policy.record(CHAT, {});
    const stream = recorder?.reading(CHAT).streamReader();
    for (let index = 0; index < 3; index += 1) {
      stream?.push('{"choices":[{"index":0,"delta":{"content":"hunter2"}}]}');
    }
    expect(recorder?.finish("success")?.forSpan?.outputMessages?.[0]?.parts).toEqual([
      { type: "text", content_length: 21 },
    ]);
  });

  it("shows no text, wherever a text is put", () => {
    const text = "The secret, in words.";
    const odd = {
      messages: [
        {
          role: text,
          name: text,
          content: [
            { type: text, text },
            { type: "image_url", image_url: `data:${text};base64,AAAA` },
          ],
        },
        { role: "tool", tool_call_id: text, content: text },
      ],
      tools: [{ type: text, [text]: { name: text, description: text, parameters: { text } } }],
    };
    const answer = {
      choices: [
        {
          finish_reason: text,
          message: {
            role: text,
            content: text,
            tool_calls: [{ id: text, function: { name: text, arguments: text } }],
          },
        },
      ],
    };
    const { forSpan } = capture({ capture: "metadata" }, { request: odd, answer });
    expect(JSON.stringify(forSpan)).not.toContain("secret");
    expect(forSpan?.inputMessages?.map(({ role }) => role)).toEqual(["other", "tool"]);
    expect(forSpan?.outputMessages).toHaveLength(1);
  });
});

describe("the limits", () => {
  const request = {
    messages: Array.from({ length: 100 }, (_, index) => ({
      role: "user",
      content: `${index} ${"x".repeat(90)}`,
    })),
  };

  it("keep the latest messages, and say that some are missing", () => {
    const { forSpan } = capture({ maxListCharacters: 500 }, { request });
    expect(forSpan?.truncated).toBe(true);
    const texts = forSpan?.inputMessages?.map(({ parts }) => String(parts[0]?.["content"])) ?? [];
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.length).toBeLessThan(6);
    expect(texts.at(-1)).toMatch(/^99 x{90}$/);
  });

  it("cut one long part, and keep one message for each choice", () => {
    const long = "word ".repeat(1000);
    const answer = { choices: [0, 1, 2].map((index) => ({ index, message: { content: long } })) };
    const { forSpan } = capture({ maxPartCharacters: 100, maxListCharacters: 150 }, { answer });
    expect(forSpan?.truncated).toBe(true);
    expect(
      forSpan?.outputMessages?.map(({ parts }) =>
        parts.map((part) => String(part["content"]).length),
      ),
    ).toEqual([[101], [], []]);
  });

  it("bound the whole, whatever is said", () => {
    const text = fc.string({ maxLength: 400 });
    const message = fc.oneof(
      fc.record({ role: fc.constant("user"), content: text }),
      fc.record({
        role: fc.constant("tool"),
        content: fc.jsonValue().map((value) => JSON.stringify(value)),
      }),
      fc.record({
        role: fc.constant("assistant"),
        tool_calls: fc.array(
          fc.record({ function: fc.record({ name: text, arguments: fc.json() }) }),
          { maxLength: 3 },
        ),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 60 }),
        fc.nat(2000),
        (messages, maxListCharacters) => {
          const { forSpan, dropped } = capture({ maxListCharacters }, { request: { messages } });
          expect(dropped).toEqual([]);
          const json = JSON.stringify(forSpan?.inputMessages ?? []);
          expect(json.length).toBeLessThan(8 * maxListCharacters + 2_000);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("redaction that fails", () => {
  it.each<[string, (text: string) => unknown]>([
    [
      "throws",
      (text) => {
        throw new Error(`no ${text}`);
      },
    ],
    ["gives back a promise", (text) => Promise.resolve(text)],
    ["gives back nothing", () => undefined],
    ["gives back far too much", () => "x".repeat(1e6)],
    ["fails only now and then", (text) => (text.startsWith("Hi") ? null : text)],
  ])("takes the whole content with it when it %s, is counted and told once", (_name, custom) => {
    const options = { redaction: { custom: custom as (text: string) => string } };
    const { forSpan, forEvent, dropped, problems } = capture(options);
    expect({ forSpan, forEvent }).toEqual({ forSpan: undefined, forEvent: undefined });
    expect(dropped).toEqual([{ destination: "content", reason: "redaction_failed", count: 1 }]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toMatch(/joe|brief/);
  });
});

describe("an application's own text and values", () => {
  it("go through the same rules and limits", () => {
    const { policy } = setUp({ maxPartCharacters: 30 });
    expect(policy.redactText("joe@example.org")).toBe("[REDACTED:email]");
    expect(policy.redactText("x".repeat(40))).toBe(`${"x".repeat(30)}…`);
    expect(policy.redactValue({ password: 1, a: 2 })).toEqual({ password: "[REDACTED:key]", a: 2 });
  });

  it("are not shown where only metadata is, nor where redaction fails", () => {
    const { policy } = setUp({ capture: "metadata" });
    expect(policy.redactText("text")).toBeUndefined();
    expect(policy.redactValue({ a: 1 })).toBeUndefined();
    const failing = setUp({
      redaction: {
        custom: () => {
          throw new Error("no");
        },
      },
    });
    expect(failing.policy.redactText("text")).toBeUndefined();
    expect(failing.policy.redactValue({ a: "text" })).toBeUndefined();
    expect([...failing.diagnostics.counters.dropped.values()]).toEqual([
      { destination: "content", reason: "redaction_failed", count: 2 },
    ]);
  });
});
