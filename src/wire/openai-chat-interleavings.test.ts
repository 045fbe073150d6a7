import fc from "fast-check";
import { expect, it } from "vitest";
import { openAiChat } from "./openai-chat.ts";
import { createSseScanner } from "./sse-scanner.ts";
import type { LlmResponse } from "./wire-reader.ts";

interface Choice {
  readonly text: readonly string[];
  /** Of each call, the pieces of its arguments. */
  readonly tools: readonly (readonly string[])[];
  readonly finish: "stop" | "length" | "tool_calls" | "content_filter";
}

/** What arguments and texts are made of: quotes of the format itself, and more than one byte for a letter. */
const piece = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom(
    '"finish_reason":"stop"',
    '{"usage":{"prompt_tokens":999}}',
    '"tool_calls":[{"name":"f"}]',
    "data: [DONE]\n\n",
    '"error":{"code":"x"}',
    "😀",
    "\\",
  ),
);

const choice: fc.Arbitrary<Choice> = fc.record({
  text: fc.array(piece, { maxLength: 4 }),
  tools: fc.array(fc.array(piece, { maxLength: 3 }), { maxLength: 3 }),
  finish: fc.constantFrom("stop", "length", "tool_calls", "content_filter"),
});

const usage = fc.option(fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat() }), {
  nil: undefined,
});

const stream = fc.record({
  choices: fc.array(choice, { minLength: 1, maxLength: 4 }),
  usage,
  /** Draws which choice goes on. */
  turns: fc.infiniteStream(fc.nat()),
  cuts: fc.array(fc.nat(), { maxLength: 20 }),
  done: fc.boolean(),
  spaced: fc.boolean(),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
});
type Stream = typeof stream extends fc.Arbitrary<infer T> ? T : never;

const ENVELOPE = { id: "chatcmpl-1", model: "gpt-4o-2024-08-06", system_fingerprint: "fp_1" };

it("reads any interleaving of choices and tool-call deltas, split at any byte, as the assembled answer", () => {
  fc.assert(
    fc.property(stream, (given) => {
      expect(readStream(given)).toEqual(readAssembled(given));
    }),
    { numRuns: 500 },
  );
});

function readStream(given: Stream): LlmResponse {
  const reader = openAiChat.streamReader();
  const scanner = createSseScanner((payload) => reader.push(payload));
  for (const part of split(eventsOf(given), given.cuts)) scanner.push(part);
  scanner.end();
  expect(reader.complete).toBe(true);
  expect(reader.terminated).toBe(given.done);
  return reader.response();
}

/** What the provider would have answered had it not been asked to stream. */
function readAssembled({ choices, usage: told }: Stream): LlmResponse {
  return openAiChat.readResponse({
    ...ENVELOPE,
    choices: choices.map(({ text, tools, finish }, index) => ({
      index,
      finish_reason: finish,
      message: {
        content: text.join(""),
        tool_calls: tools.map((pieces) => ({
          function: { name: "f", arguments: pieces.join("") },
        })),
      },
    })),
    usage: told,
  });
}

function eventsOf({ choices, usage: told, turns, done, spaced, lineEnd }: Stream): Uint8Array {
  const lanes = choices.map((each, index) => deltasOf(each, index, turns));
  const payloads: object[] = merge(lanes, turns).map((each) => ({
    ...ENVELOPE,
    choices: [each],
    usage: null,
  }));
  if (told) payloads.push({ ...ENVELOPE, choices: [], usage: told });
  const texts = payloads.map((payload) => json(payload, spaced));
  if (done) texts.push("[DONE]");
  return Buffer.from(texts.map((text) => `data: ${text}${lineEnd}${lineEnd}`).join(""));
}

/** One choice: its text and its tool calls take turns. */
function deltasOf({ text, tools, finish }: Choice, index: number, turns: Iterator<number>) {
  const delta = (fields: object, reason: string | null = null) => ({
    index,
    delta: fields,
    finish_reason: reason,
  });
  const calls = tools.map((pieces, at) =>
    [
      { index: at, id: `call_${at}`, type: "function", function: { name: "f", arguments: "" } },
      ...pieces.map((each) => ({ index: at, function: { arguments: each } })),
    ].map((call) => delta({ tool_calls: [call] })),
  );
  const texts = text.map((content) => delta({ content }));
  return [
    delta({ role: "assistant", content: "" }),
    ...merge([texts, ...calls], turns),
    delta({}, finish),
  ];
}

/** The lanes as one; `turns` draws which of them goes on. */
function merge<T>(lanes: readonly (readonly T[])[], turns: Iterator<number>): T[] {
  const open = lanes.filter((lane) => lane.length > 0).map((lane) => [...lane]);
  const merged: T[] = [];
  while (open.length > 0) {
    const at = Number(turns.next().value) % open.length;
    const lane = open[at] ?? [];
    merged.push(...lane.splice(0, 1));
    if (lane.length === 0) open.splice(at, 1);
  }
  return merged;
}

/** As some servers print it: with a space after every colon and comma. */
function json(payload: object, spaced: boolean): string {
  if (!spaced) return JSON.stringify(payload);
  return JSON.stringify(payload, undefined, 1).replaceAll(/\n */g, " ");
}

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
  let start = 0;
  return [...ends, bytes.length].map((end) => bytes.subarray(start, (start = end)));
}
