import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutBase64 } from "./without-base64.ts";

test("base64 values are empty, and all else is the same", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.base64String())), (pairs) => {
      const json = (b64: (text: string) => string) =>
        JSON.stringify(
          pairs.map(([text, data]) => ({ text, b64_json: b64(data), audio: b64(data) })),
        );
      expect(withoutBase64(json((data) => data))).toBe(json(() => ""));
    }),
  );
});

test("text without a base64 value is the same text", () => {
  fc.assert(fc.property(fc.json(), (json) => withoutBase64(json) === json));
});

test("a value that breaks off stays", () => {
  expect(withoutBase64('{"b64_json": "abc')).toBe('{"b64_json": "abc');
});
