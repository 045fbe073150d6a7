import { expect, it } from "vitest";
import { fromLatin1, toLatin1 } from "./latin1.ts";

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const ALL_CHARACTERS = String.fromCharCode(...ALL_BYTES);

it.each([
  ["a Uint8Array", ALL_BYTES],
  ["a Buffer", Buffer.from(ALL_BYTES)],
  ["a part of other bytes", Buffer.concat([ALL_BYTES, ALL_BYTES]).subarray(256)],
  ["nothing", new Uint8Array()],
])("each byte of %s is the character with its number", (_what, bytes) => {
  expect(toLatin1(bytes)).toBe(ALL_CHARACTERS.slice(0, bytes.byteLength));
});

it("text in UTF-8 comes back from it", () => {
  const text = "plain, é, я, 漢, 😀";
  expect(fromLatin1(toLatin1(Buffer.from(text)))).toBe(text);
});

it("bytes that were transferred away are none", () => {
  const bytes = new Uint8Array([65]);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  expect(toLatin1(bytes)).toBe("");
});
