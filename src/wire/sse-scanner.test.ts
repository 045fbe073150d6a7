import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSseScanner } from "./sse-scanner.ts";

function scan(parts: readonly (string | Uint8Array)[]): string[] {
  const payloads: string[] = [];
  const scanner = createSseScanner((payload) => payloads.push(payload));
  for (const part of parts) {
    scanner.push(typeof part === "string" ? new TextEncoder().encode(part) : part);
  }
  scanner.end();
  return payloads.map((payload) => Buffer.from(payload, "latin1").toString("utf8"));
}

const STREAM =
  ': a comment\r\ndata: {"a":"ä€😀"}\r\n\r\nevent: x\ndata:no space\n\ndata: one\ndata: two\n\nid: 7\rdata: cr\r\rdata: [DONE]\n\n';
const PAYLOADS = ['{"a":"ä€😀"}', "no space", "one\ntwo", "cr", "[DONE]"];

describe("SSE scanner", () => {
  it("reads every line end, comments, other fields and data of several lines", () => {
    expect(scan([STREAM])).toEqual(PAYLOADS);
  });

  it("gives the same for a stream split at any byte", () => {
    const bytes = new TextEncoder().encode(STREAM);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(scan([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(PAYLOADS);
    }
    expect(scan([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(PAYLOADS);
  });

  it("gives the same for any split into several parts", () => {
    const bytes = new TextEncoder().encode(STREAM);
    const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (points) => {
        const ends = [...points.toSorted((a, b) => a - b), bytes.length];
        let start = 0;
        const parts = ends.map((end) => bytes.subarray(start, (start = end)));
        expect(scan(parts)).toEqual(PAYLOADS);
      }),
    );
  });

  it("skips a byte order mark, whole or split", () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, ...new TextEncoder().encode("data: x\n\n"));
    expect(scan([bytes])).toEqual(["x"]);
    expect(scan([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(["x"]);
  });

  it("gives out an event that the end of the stream cut from its blank line", () => {
    expect(scan(["data: [DONE]"])).toEqual(["[DONE]"]);
    expect(scan(["data: x\n"])).toEqual(["x"]);
  });

  it("takes no field that only begins with data", () => {
    expect(scan(["database: x\n\ndata\n\n"])).toEqual([""]);
  });

  it("skips an event past the limit and goes on with the next, in bounded memory", () => {
    const parts = Array<string>(17).fill("x".repeat(1024 * 1024));
    expect(scan(["data: ", ...parts, "\n\ndata: next\n\n"])).toEqual(["next"]);
    const lines = parts.map((part) => `data: ${part}\n`);
    expect(scan([...lines, "\ndata: next\n\n"])).toEqual(["next"]);
  });

  it("puts a long event together from many parts", () => {
    const parts = Array<string>(1000).fill("x".repeat(4096));
    expect(scan(["data: ", ...parts, "\n\n"])).toEqual([parts.join("")]);
  });
});
