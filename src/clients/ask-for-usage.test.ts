import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askForUsage } from "./ask-for-usage.ts";

const CHAT = "openai.chat_completions";

function bodyOf(body: unknown, headers?: Record<string, string>): string | undefined {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const asked = askForUsage(CHAT, { method: "POST", body: text, ...(headers && { headers }) });
  return asked?.body as string | undefined;
}

describe("a stream", () => {
  it("is asked for usage at the end of its JSON, whose text is otherwise as it was", () => {
    const text = '{ "model":"m",\n "seed": 1.0, "stream": true }\n';
    expect(bodyOf(text)).toBe(
      '{ "model":"m",\n "seed": 1.0, "stream": true ,"stream_options":{"include_usage":true}}\n',
    );
  });

  it.each([
    [{ include_obfuscation: false }, { include_obfuscation: false, include_usage: true }],
    [null, { include_usage: true }],
    [{}, { include_usage: true }],
  ])("with stream_options %j gets them as %j, in their place", (given, expected) => {
    const body = { stream: true, stream_options: given, model: "m" };
    expect(bodyOf(body)).toBe(JSON.stringify({ ...body, stream_options: expected }));
  });

  it.each([{ include_usage: false }, { include_usage: true }, { include_usage: null }])(
    "that says itself %j keeps its request",
    (options) => {
      expect(bodyOf({ stream: true, stream_options: options })).toBeUndefined();
    },
  );

  it("keeps the indentation of older SDKs", () => {
    const body = { stream: true, stream_options: {} };
    const expected = { ...body, stream_options: { include_usage: true } };
    expect(bodyOf(JSON.stringify(body, null, 2))).toBe(JSON.stringify(expected, null, 2));
  });

  it("keeps options in a JSON text that could not be written again as it was", () => {
    expect(bodyOf('{"stream":true, "stream_options":{}}')).toBeUndefined();
  });

  it("has the same fields in the same order, whatever they are", () => {
    const options = fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), options, (fields, given) => {
        const body = { ...fields, stream: true, ...(given && { stream_options: given }) };
        fc.pre(given === undefined || !("include_usage" in given));
        const asked = JSON.parse(bodyOf(body) ?? "null") as Record<string, unknown>;
        expect(JSON.stringify(asked["stream_options"])).toBe(
          JSON.stringify({ ...given, include_usage: true }),
        );
        delete asked["stream_options"];
        delete (body as Record<string, unknown>)["stream_options"];
        expect(JSON.stringify(asked)).toBe(JSON.stringify(body));
      }),
    );
  });
});

describe("a request stays as it is", () => {
  it.each([
    ["without a body", undefined],
    ["with bytes", Buffer.from('{"stream":true}')],
    ["with no JSON", "{"],
    ["with JSON that is no object", "[]"],
    ["for a plain answer", '{"stream":false}'],
    ["with odd stream_options", '{"stream":true,"stream_options":7}'],
  ])("%s", (_what, body) => {
    expect(askForUsage(CHAT, { ...(body !== undefined && { body }) })).toBeUndefined();
  });

  it("in formats that need no asking", () => {
    const init = { body: '{"stream":true}' };
    expect(askForUsage("openai.responses", init)).toBeUndefined();
    expect(askForUsage("anthropic.messages", init)).toBeUndefined();
    expect(askForUsage(CHAT, undefined)).toBeUndefined();
  });

  it.each(["content-encoding", "X-Amz-Date", "Digest", "Content-MD5"])(
    "that has the header %s, which is true of its very bytes",
    (name) => {
      expect(bodyOf({ stream: true }, { [name]: "x" })).toBeUndefined();
    },
  );
});

describe("what else the request has", () => {
  const body = '{"stream":true}';
  const length = String(
    Buffer.byteLength('{"stream":true,"stream_options":{"include_usage":true}}'),
  );

  it("is untouched, and so is the caller's own object", () => {
    const headers = { "content-type": "application/json" };
    const init = Object.freeze({ method: "POST", body, headers, duplex: "half" });
    const asked = askForUsage(CHAT, init);
    expect(asked).toEqual({ ...init, body: expect.any(String) });
    expect(asked?.headers).toBe(headers);
  });

  it.each<[string, HeadersInit_]>([
    ["a record", { a: "1", "Content-Length": "15", b: "2" }],
    ["pairs", [["Content-Length", "15"]]],
    ["Headers", new Headers({ "Content-Length": "15" })],
  ])("has the right length where it says one, in %s", (_kind, headers) => {
    const asked = askForUsage(CHAT, { body, headers });
    expect(new Headers(asked?.headers).get("content-length")).toBe(length);
    expect(new Headers(headers).get("content-length")).toBe("15");
  });

  it("counts bytes, not characters", () => {
    const asked = askForUsage(CHAT, {
      body: '{"stream":true,"user":"ü"}',
      headers: { "content-length": "27" },
    });
    expect(asked?.headers).toEqual({
      "content-length": String(Buffer.byteLength(asked?.body as string)),
    });
  });
});

type HeadersInit_ = NonNullable<RequestInit["headers"]>;
