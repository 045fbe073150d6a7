import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createUsageChunkFilter } from "./usage-chunk-filter.ts";

const DONE = "data: [DONE]\n\n";
const USAGE = '{"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}';

function event(chunk: unknown): string {
  return `data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`;
}

function content(text: string): object {
  return { id: "c", choices: [{ index: 0, delta: { content: text } }] };
}

/** What comes out when `text` goes in in pieces of these sizes, the last one repeated. */
function filtered(text: string, sizes: readonly number[] = [text.length]): string {
  const bytes = Buffer.from(text);
  const filter = createUsageChunkFilter();
  const out: Uint8Array[] = [];
  for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
    const size = Math.max(1, sizes[Math.min(piece, sizes.length - 1)] ?? 1);
    out.push(filter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat([...out, filter.end()]).toString();
}

describe("a stream that was asked for usage", () => {
  const asked = [content("Grüße 👋 "), content('say "usage":null, please'), USAGE];
  const bare = asked.slice(0, 2).map(event).join("") + DONE;

  it("is, byte for byte, the one that was not, however it is split", () => {
    const texts = asked
      .map((chunk) =>
        typeof chunk === "string" ? chunk : JSON.stringify({ ...chunk, usage: null }),
      )
      .map(event)
      .join("")
      .concat(DONE);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (sizes) => {
        expect(filtered(texts, sizes)).toBe(bare);
      }),
    );
  });

  it.each([
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("may end its lines with %s", (_name, end) => {
    const lines = (text: string) => text.replaceAll("\n", end);
    const text = lines(event(content("a")) + event(USAGE) + DONE);
    for (const size of [1, 2, 3, 7, text.length]) {
      // the LF of a CRLF may come in the next piece, where it only adds a blank line
      const out = filtered(text, [size]).replaceAll(/\n{2,}/g, "\n");
      expect(out.replaceAll("\r", "\n").replaceAll(/\n+/g, "\n")).toBe(
        (event(content("a")) + DONE).replaceAll(/\n+/g, "\n"),
      );
    }
  });

  it("loses a usage chunk that its server did not close", () => {
    expect(filtered(event(content("a")) + `data: ${USAGE}`)).toBe(event(content("a")));
  });

  it("loses one in several lines, with an event name and a comment", () => {
    const lines = USAGE.replace(',"usage"', '\ndata: ,"usage"');
    expect(filtered(`: hi\nevent: chunk\nid: 7\ndata: ${lines}\n\n${DONE}`)).toBe(DONE);
  });
});

describe("what stays", () => {
  it.each([
    ["a chunk without choices that has no usage", '{"choices":[],"prompt_filter_results":[{}]}'],
    ["usage beside choices", '{"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":1}}'],
    ["usage without choices at all", '{"type":"message_delta","usage":{"output_tokens":1}}'],
    ["what is no JSON", '{"choices":[],"usage":{'],
    ["usage that is quoted in a text", '{"choices":[{"delta":{"content":",\\"usage\\":null"}}]}'],
  ])("%s", (_what, payload) => {
    const text = event(payload) + DONE;
    for (const size of [1, 5, text.length]) expect(filtered(text, [size])).toBe(text);
  });

  it("is an event that is cut off", () => {
    expect(filtered('data: {"choices":[{"ind')).toBe('data: {"choices":[{"ind');
  });

  it("is what is no stream of events", () => {
    const json = JSON.stringify({ choices: [{ message: { content: "a" } }], usage: { a: 1 } });
    expect(filtered(json)).toBe(json);
  });
});

it("holds an event back until it is whole, and no longer", () => {
  const filter = createUsageChunkFilter();
  const text = event(content("a"));
  expect(filter.push(Buffer.from(text.slice(0, -1)))).toHaveLength(0);
  expect(Buffer.from(filter.push(Buffer.from("\n"))).toString()).toBe(text);
});

it("does not hold back an event that is too long to be usage; the next one is looked at again", () => {
  const long = event(content("x".repeat(200_000)));
  const filter = createUsageChunkFilter();
  const first = filter.push(Buffer.from(long.slice(0, 100_000)));
  expect(first).toHaveLength(100_000);
  for (const size of [1000, 65_537, 70_001]) {
    expect(filtered(long + event(USAGE) + DONE, [size])).toBe(long + DONE);
  }
});
