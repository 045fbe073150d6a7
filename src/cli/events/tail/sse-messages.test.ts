import fc from "fast-check";
import { expect, it } from "vitest";
import { readMessages, type SseMessage, type SseState } from "./sse-messages.ts";

const STREAM =
  'retry: 500\r\n\r\n: heartbeat\nid: e-0\n\nid: e-1\nevent: agent_error\ndata: {"ä":1}\n\nevent: gap\ndata: a\ndata:b\n\nevent: no-data\n\ndata\n\nid: e-2\ndata: x\r\r';

/** What is read when the stream comes in pieces that end at these bytes. */
async function read(text: string, ends: readonly number[] = []) {
  const bytes = new TextEncoder().encode(text);
  const state: SseState = { lastEventId: "", retryMs: 3_000 };
  const messages: SseMessage[] = [];
  async function* pieces() {
    let start = 0;
    for (const end of [...ends, bytes.length].toSorted((a, b) => a - b)) {
      yield bytes.subarray(start, end);
      start = Math.max(start, end);
    }
  }
  for await (const message of readMessages(pieces(), state)) messages.push(message);
  return { messages, state };
}

const WHOLE = {
  messages: [
    { event: "agent_error", data: '{"ä":1}' },
    { event: "gap", data: "a\nb" },
    { event: "message", data: "" },
    { event: "message", data: "x" },
  ],
  state: { lastEventId: "e-2", retryMs: 500 },
};

it("reads messages, the last id and the time to wait", async () => {
  expect(await read(STREAM)).toEqual(WHOLE);
});

it("reads the same wherever the stream is cut", async () => {
  const length = new TextEncoder().encode(STREAM).length;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: length }), { maxLength: 8 }), async (ends) => {
      expect(await read(STREAM, ends)).toEqual(WHOLE);
    }),
  );
});

it("leaves out a message whose end never came, and its id", async () => {
  expect(await read("id: 1\ndata: a\n\nid: 2\ndata: b\n")).toEqual({
    messages: [{ event: "message", data: "a" }],
    state: { lastEventId: "1", retryMs: 3_000 },
  });
});

it("refuses a message without an end", async () => {
  await expect(read(`data: ${"x".repeat(17 * 1024 * 1024)}`)).rejects.toThrow("longer than 16 MB");
});
