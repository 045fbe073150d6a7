import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyMatcher, SECRET_KEYS } from "./key-matcher.ts";
import { redactValue } from "./redact-value.ts";
import { createRedactor } from "./redactor.ts";

const redactor = createRedactor({ keys: [], patterns: ["email", "card", "api-key"] });

function redact(value: unknown, maxCharacters = 1000): unknown {
  return redactValue(value, redactor, maxCharacters).value;
}

describe("secret names", () => {
  const isSecret = createKeyMatcher([...SECRET_KEYS, "Kunden-Nummer"]);

  it.each([
    "password",
    "DB_PASSWORD",
    "userPassword",
    "dbpassword",
    "api-key",
    "OPENAI_API_KEY",
    "x-api-key",
    "apiKey",
    "APIKey",
    "githubToken",
    "access_token",
    "Set-Cookie",
    "cardPin",
    "kundenNummer",
    "KUNDEN_NUMMER",
    "X-Amz-Signature",
    "k".repeat(200),
  ])("%s is one", (key) => expect(isSecret(key)).toBe(true));

  it.each([
    "",
    "max_tokens",
    "shipping",
    "author",
    "passwords_changed",
    "design",
    "key",
    "tokenizer",
    "__proto__",
  ])("%s is none", (key) => expect(isSecret(key)).toBe(false));
});

describe("a value", () => {
  it("loses what secret names hold, whatever it is, and what the rules find elsewhere", () => {
    expect(
      redact({
        user: "joe@example.org",
        auth: { user: "joe", parts: [1] },
        password: null,
        pin: 1234,
        list: ["sk-0123456789abcdefghij", 4111111111111111, 5, true, null],
        "a@b.org": { apiKey: "" },
      }),
    ).toEqual({
      user: "[REDACTED:email]",
      auth: "[REDACTED:key]",
      password: null,
      pin: "[REDACTED:key]",
      list: ["[REDACTED:api_key]", "[REDACTED:card]", 5, true, null],
      "[REDACTED:email]": { apiKey: "[REDACTED:key]" },
    });
  });

  it("loses what pairs of a name and a value hold, if the name is a secret's", () => {
    expect(
      redact({
        headers: [
          { name: "X-Api-Key", value: "k-1", secure: true },
          { key: "authorization", values: ["k-2"] },
          { name: "accept", value: "text/html" },
        ],
        rows: [
          ["Cookie", "k-3"],
          ["host", "h"],
          ["token", "secret", "pin"],
        ],
      }),
    ).toEqual({
      headers: [
        { name: "X-Api-Key", value: "[REDACTED:key]", secure: true },
        { key: "authorization", values: "[REDACTED:key]" },
        { name: "accept", value: "text/html" },
      ],
      rows: [
        ["Cookie", "[REDACTED:key]"],
        ["host", "h"],
        ["token", "secret", "pin"],
      ],
    });
  });

  it("of an application's own kind becomes what JSON can hold", () => {
    class Point {
      x = 1;
      #hidden = 2;
      get hidden() {
        return this.#hidden;
      }
    }
    const value = {
      date: new Date(0),
      map: new Map([["token", "t"]]),
      set: new Set(["a"]),
      bytes: new Uint8Array(3),
      error: new TypeError("secret text"),
      point: new Point(),
      big: 5n,
      nothing: undefined,
      fn() {},
      symbol: Symbol("s"),
      odd: Number.NaN,
    };
    expect(redact(value)).toEqual({
      date: "1970-01-01T00:00:00.000Z",
      map: { token: "[REDACTED:key]" },
      set: ["a"],
      bytes: "[base64 3 bytes]",
      error: { name: "TypeError" },
      point: { x: 1 },
      big: "5",
      odd: null,
    });
  });

  it("may hold itself, a name like __proto__, and no end of fields", () => {
    const ring: Record<string, unknown> = { name: "ring" };
    ring["self"] = ring;
    expect(JSON.stringify(redact(ring, 5000))).toContain("…");
    const odd: unknown = JSON.parse('{"__proto__": {"admin": true}}');
    expect(JSON.stringify(redact(odd))).toBe('{"__proto__":{"admin":true}}');
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 0]));
    expect(JSON.stringify(redact(wide)).length).toBeLessThan(2_500);
  });

  it("fails with a getter that throws", () => {
    const value = Object.defineProperty({}, "x", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    expect(() => redact(value)).toThrow("no");
  });

  it("is what it was when there is nothing to take out, and never much longer than the limit", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(300), (value, limit) => {
        const plain = createRedactor({ keys: [], patterns: [] });
        const whole = redactValue(
          value,
          {
            ...plain,
            isSecretKey: () => false,
            text: (given) => ({
              text: typeof given === "string" ? given : given.text,
              isCut: false,
            }),
          },
          1e6,
        );
        expect(whole.isCut).toBe(false);
        expect(JSON.parse(JSON.stringify(whole.value))).toEqual(JSON.parse(JSON.stringify(value)));
        const cut = JSON.stringify(redactValue(value, plain, limit).value);
        expect(JSON.stringify(cut).length).toBeLessThan(12 * limit + 400);
      }),
    );
  });
});
