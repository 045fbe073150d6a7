import { describe, expect, it } from "vitest";
import { toLatin1 } from "../latin1.ts";
import { PayloadShape } from "./payload-shape.ts";

const chunk = (fields: object): string => toLatin1(Buffer.from(JSON.stringify(fields)));
const chat = (content: string, more: object = {}): string =>
  chunk({ id: "1", choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });

function shapeOf(payload: string): PayloadShape | undefined {
  return PayloadShape.of(payload, "content", "obfuscation");
}

describe("a payload of the same shape", () => {
  it.each(["b", "", " longer than the first", "日本, é, 😀", "{}[],:"])(
    "has the text %j",
    (text) => {
      expect(shapeOf(chat("a"))?.textIn(chat(text))).toBe(text);
    },
  );

  it("may have other noise behind its text", () => {
    const shape = shapeOf(chat("a", { obfuscation: "xyz" }));
    expect(shape?.textIn(chat("b", { obfuscation: "0123456" }))).toBe("b");
    expect(shape?.textIn(chat("c", { obfuscation: "" }))).toBe("c");
  });
});

describe("a payload has to be parsed that", () => {
  const plain = shapeOf(chat("a"));
  const noisy = shapeOf(chat("a", { obfuscation: "xyz" }));

  it.each([
    ["has an escape in its text", chat('say "b"')],
    ["has a line end in its text", chat("b\n")],
    ["has what is no JSON in its text", chat("b").replace("b", "\n")],
    ["says more behind its text", chat("b", { usage: {} })],
    ["says something else before its text", chat("b").replace('"1"', '"2"')],
    ["has ended", chat("b").replace("null", '"stop"')],
    ["is cut off in its text", '{"id":"1","choices":[{"index":0,"delta":{"content":"b'],
    ["is cut off behind its text", chat("b").slice(0, -1)],
    ["goes on behind its end", `${chat("b")} `],
    ["is nothing", ""],
  ])("%s", (_what, payload) => {
    expect(plain?.textIn(payload)).toBeUndefined();
  });

  it.each([
    ["lacks the noise", chat("b")],
    ["has an escape in its noise", chat("b", { obfuscation: "\\" })],
    ["has something behind its noise", chat("b", { obfuscation: "x", usage: {} })],
    ["is cut off in its noise", chat("b", { obfuscation: "xyz" }).slice(0, -3)],
  ])("%s", (_what, payload) => {
    expect(noisy?.textIn(payload)).toBeUndefined();
  });
});

it.each([
  ["has no text", chunk({ choices: [] })],
  ["has two texts", chunk({ choices: [{ content: "a" }, { content: "b" }] })],
  ["has a text with an escape", chat("\\")],
  ["is cut off", '{"content":"a'],
])("a payload that %s has no shape", (_what, payload) => {
  expect(shapeOf(payload)).toBeUndefined();
});
