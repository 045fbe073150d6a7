import { describe, expect, it } from "vitest";
import { conditionalJson } from "./etag.ts";

const ask = (ifNoneMatch?: string) =>
  new Headers(ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch });

function tagOf(text: string, essence?: string): string {
  return conditionalJson(ask(), { text, essence }).headers.get("etag") ?? "";
}

describe("a tag", () => {
  it("is that of the text, and weak where it is that of an essence", () => {
    expect(tagOf("{}")).toMatch(/^"[\w-]{27}"$/);
    expect(tagOf("{}")).not.toBe(tagOf("[]"));
    expect(tagOf('{"a":1,"at":1}', '{"a":1}')).toBe(tagOf('{"a":1,"at":2}', '{"a":1}'));
    expect(tagOf("{}", "{}")).toMatch(/^W\//);
  });

  it.each([
    ["itself", (tag: string) => tag],
    ["itself, weakened on the way", (tag: string) => `W/${tag}`],
    ["one of several", (tag: string) => `"a", ${tag}, W/"b,c"`],
    ["anything", () => "*"],
  ])("that the client has as %s is answered with 304 and no body", async (_how, header) => {
    const response = conditionalJson(ask(header(tagOf("{}"))), { text: "{}" });
    expect(response.status).toBe(304);
    expect(response.headers.get("etag")).toBe(tagOf("{}"));
    expect(await response.text()).toBe("");
  });

  it.each(["", '"x"', "x", '"', "W/", '"a""b"', "W/**"])("%j has never been", async (header) => {
    const response = conditionalJson(ask(header), { text: "{}" });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({});
  });
});
