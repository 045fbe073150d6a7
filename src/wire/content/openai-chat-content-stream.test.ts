import fc from "fast-check";
import { expect, it } from "vitest";
import { toLatin1 } from "../latin1.ts";
import type { RawMessage } from "./content-format.ts";
import { openAiChatContentStream } from "./openai-chat-content-stream.ts";

const NO_LIMIT = { perPart: 1e6, inAll: 1e6 };

const text = fc.oneof(fc.constantFrom(" a", " b", "é", "", '"', "\\", "\n"), fc.string());
const delta = fc.oneof(
  { weight: 4, arbitrary: fc.record({ content: text }) },
  fc.record({ role: fc.constant("assistant"), content: text }),
  fc.record({ content: text, refusal: fc.option(text) }),
  fc.record({ content: text, reasoning_content: fc.option(text) }),
  fc.record({
    tool_calls: fc.constantFrom([{ index: 0, id: "c", function: { name: "f", arguments: "{" } }]),
  }),
);
const choice = fc.record(
  { index: fc.nat(1), delta, finish_reason: fc.constantFrom(null, null, null, "stop"), text },
  { requiredKeys: ["index", "delta", "finish_reason"] },
);
const chunk = fc.record(
  {
    id: fc.constantFrom("1", "1", "2"),
    choices: fc.oneof(
      { weight: 4, arbitrary: fc.tuple(choice) },
      fc.array(choice, { maxLength: 2 }),
    ),
    obfuscation: text,
  },
  { requiredKeys: ["id", "choices"] },
);

function read(payloads: readonly string[], limits = NO_LIMIT): readonly RawMessage[] {
  const stream = openAiChatContentStream(limits);
  for (const payload of payloads) stream.push(toLatin1(Buffer.from(payload)));
  return stream.messages();
}

it("chunks say the same whether or not they are alike enough to be read without parsing", () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 30 }), fc.nat(40), (chunks, inAll) => {
      const limits = { perPart: 30, inAll };
      const alike = chunks.map((value) => JSON.stringify(value));
      // what is spaced has no shape
      const spaced = chunks.map((value) => JSON.stringify(value, null, 1));
      expect(read(alike, limits)).toEqual(read(spaced, limits));
    }),
    { numRuns: 500 },
  );
});

it("a text under the same key outside of the choice is none of its text", () => {
  const payload = (outside: string, inside: string): string =>
    `{"content":"${outside}","choices":[{"index":0,"delta":{"content": "${inside}"}}]}`;
  expect(read([payload("x", "a"), payload("y", "b"), payload("z", "c")])).toEqual([
    { role: "assistant", parts: [{ kind: "text", text: "abc" }] },
  ]);
});

it("a long stream of chunks that are never alike is read to its end", () => {
  const payloads = Array.from(
    { length: 40 },
    (_, index) => `{"id":"${index}","choices":[{"index":0,"delta":{"content":"a"}}]}`,
  );
  expect(read(payloads)).toEqual([
    { role: "assistant", parts: [{ kind: "text", text: "a".repeat(40) }] },
  ]);
});
