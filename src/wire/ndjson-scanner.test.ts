import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNdjsonScanner } from "./ndjson-scanner.ts";

function scan(parts: readonly (string | Uint8Array)[]): string[] {
  const payloads: string[] = [];
  const scanner = createNdjsonScanner((payload) => payloads.push(payload));
  for (const part of parts) {
    scanner.push(typeof part === "string" ? new TextEncoder().encode(part) : part);
  }
  scanner.end();
  return payloads.map((payload) => Buffer.from(payload, "latin1").toString("utf8"));
}

const BYTES = new TextEncoder().encode('{"a":"ä€😀"}\n\n{"b":1}\r\n  \n{"c":"cut"}');
const LINES = ['{"a":"ä€😀"}', '{"b":1}\r', '{"c":"cut"}'];

describe("NDJSON scanner", () => {
  it("gives the same for a stream split at any byte", () => {
    for (let at = 0; at <= BYTES.length; at += 1) {
      expect(scan([BYTES.subarray(0, at), BYTES.subarray(at)])).toEqual(LINES);
    }
    expect(scan([...BYTES].map((byte) => Uint8Array.of(byte)))).toEqual(LINES);
  });

  it("gives the same for any split into several parts", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: BYTES.length }), { maxLength: 12 }), (points) => {
        let start = 0;
        const ends = [...points.toSorted((a, b) => a - b), BYTES.length];
        expect(scan(ends.map((end) => BYTES.subarray(start, (start = end))))).toEqual(LINES);
      }),
    );
  });

  it("skips a line past the limit and goes on with the next, in bounded memory", () => {
    const long = Array<string>(17).fill("x".repeat(1024 * 1024));
    expect(scan([...long, '\n{"next":1}\n'])).toEqual(['{"next":1}']);
    expect(scan(long)).toEqual([]);
  });
});
