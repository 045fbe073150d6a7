import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OVERLAP } from "./excerpt.ts";
import { patternRules } from "./pattern-rules.ts";
import { type RedactionPattern, redactionPatterns } from "../semconv/index.ts";
import { redactValue } from "./redact-value.ts";
import { createRedactor } from "./redactor.ts";

const ALL = Object.keys(patternRules) as RedactionPattern[];
const LIMIT = 10_000;

function redact(text: string, options: Partial<Parameters<typeof createRedactor>[0]> = {}) {
  return createRedactor({ keys: [], patterns: ALL, ...options }).text(text, LIMIT).text;
}

describe("pattern rules", () => {
  it.each([
    ["api_key", "sk-proj-AbCdEf0123456789_-AbCdEf"],
    ["api_key", "sk-ant-api03-AbCdEf0123456789"],
    ["api_key", "sk-or-v1-0123456789abcdef0123"],
    ["api_key", "AIzaSyA1234567890abcdefghijklmnopqrstuv"],
    ["api_key", "AKIAIOSFODNN7EXAMPLE"],
    ["api_key", "ghp_0123456789abcdefghijABCDEFGHIJ012345"],
    ["api_key", "github_pat_11ABCDEFG0abcdefghijkl"],
    ["api_key", "xoxb-123456789012-abcdefghij"],
    ["api_key", "sk_live_0123456789abcdef"],
    ["api_key", "hf_abcdefghijklmnopqrstuvwx"],
    ["api_key", "gsk_abcdefghijklmnopqrstuvwx"],
    ["api_key", "SG.abcdefghijklmnop.qrstuvwxyz0123456789"],
    ["jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
    ["email", "anna.müller+x@mail.example.org"],
    ["email", "josé@exámple.es"],
    ["iban", "DE89 3704 0044 0532 0130 00"],
    ["iban", "GB29NWBK60161331926819"],
    ["iban", "gb29nwbk60161331926819"],
    ["iban", "de89 3704 0044 0532 0130 00"],
    ["iban", "NO93 8601 1117 947"],
    ["iban", "At61 1904 3002 3457 3201"],
    ["card", "4111 1111 1111 1111"],
    ["card", "4111\u00a01111\u00a01111\u00a01111"],
    ["card", "5555-5555-5555-4444"],
    ["card", "378282246310005"],
  ])("take out: %s %s", (mark, secret) => {
    expect(redact(`It is ${secret}, isn't it?`)).toBe(`It is [REDACTED:${mark}], isn't it?`);
    expect(redact(secret)).toBe(`[REDACTED:${mark}]`);
  });

  it.each([
    ["Bearer abcdefgh12345678", "Bearer [REDACTED:token]"],
    ["bearer abcdefghijklmnopqrstuvwxyz", "bearer [REDACTED:token]"],
    ["Basic YTpiOmM6ZDE=", "Basic [REDACTED:token]"],
    ["postgres://app:s3cret@db:5432/x", "postgres://[REDACTED:credentials]@db:5432/x"],
    ["redis://:s3cret@cache", "redis://[REDACTED:credentials]@cache"],
    [
      "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b",
      "a [REDACTED:private_key] b",
    ],
    ["-----BEGIN PRIVATE KEY-----\nMIIE cut off", "[REDACTED:private_key]"],
    ["pay to at61 1904 3002 3457 3201 this week", "pay to [REDACTED:iban] this week"],
    ["de89370400440532013000 GB29NWBK60161331926819", "[REDACTED:iban] [REDACTED:iban]"],
    ["curl -u user:s3cret https://a.example", "curl -u [REDACTED:credentials] https://a.example"],
    ["curl -sSu 'me:two words' x", "curl -sSu '[REDACTED:credentials]' x"],
    ["curl -ume:s3cret x", "curl -u[REDACTED:credentials] x"],
    ["curl -X PUT \\\n  --user me:s3cret x", "curl -X PUT \\\n  --user [REDACTED:credentials] x"],
    ["curl -u a:b -U c:d x", "curl -u [REDACTED:credentials] -U [REDACTED:credentials] x"],
    ['["curl","-u","me:s3cret","x"]', '["curl","-u","[REDACTED:credentials]","x"]'],
    ['"curl --user=\\"me:s3cret\\" x"', '"curl --user=\\"[REDACTED:credentials]\\" x"'],
  ])("%s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "The order 4111111111111112 has a wrong check digit.",
    "At 1732108800000 ms, or 2024-11-20T13:20:00.000Z, 1234567890123456.",
    "GB29NWBK60161331926818 is no account.",
    "gb29nwbk601613319268190 is one digit too long, de8937040044053201300 one too short.",
    "be71096123456769e is longer than that, and a span is be710961234567f9.",
    "docker run -u 1000:1000 image, sort -u a:b, curl --url http://host:8080/a -o b:c",
    "Version openai@7.55.1 of @scope/package, mail me @ home.",
    "Bearer authentication and basic understanding are needed.",
    "The risk-taking desk-bound task-master asks.",
    "https://example.com:8080/a?b=c#d and 10.0.0.1:9464",
    "e9f3c2d1-0b4a-4c6e-9f3c-2d10b4a4c6e9",
    "Grüße aus Köln 👋, 你好!",
  ])("leave alone: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("are those that are documented, in their order", () => {
    expect(ALL).toEqual(Object.keys(redactionPatterns));
  });

  it("apply only if they are listed", () => {
    const text = "a@b.org 4111111111111111";
    expect(redact(text, { patterns: ["card"] })).toBe("a@b.org [REDACTED:card]");
    expect(redact(text, { patterns: [] })).toBe(text);
  });

  it.each(ALL)("%s leaves nothing to find after the first time", (name) => {
    const units = fc.constantFrom(
      "a@b.org ",
      "4111 1111 1111 1111",
      "sk-",
      "aB3",
      " ",
      "Bearer ",
      "eyJ",
      ".",
      "://u:p@",
    );
    fc.assert(
      fc.property(fc.array(units, { maxLength: 40 }), (parts) => {
        const once = patternRules[name](parts.join(""));
        expect(patternRules[name](once)).toBe(once);
      }),
    );
  });
});

describe("values behind secret names in text", () => {
  it.each([
    ['{"password": "hunter2", "user": "anna"}', '{"password": [REDACTED:key], "user": "anna"}'],
    [String.raw`{"a":"{\"apiKey\":\"hunter2\"}"}`, String.raw`{"a":"{\"apiKey\":[REDACTED:key]}"}`],
    [String.raw`"token": "hun\"ter2" end`, '"token": [REDACTED:key] end'],
    ['{"password": "cut o', '{"password": [REDACTED:key]'],
    ["DB_PASSWORD=hunter2 npm start", "DB_PASSWORD=[REDACTED:key] npm start"],
    ["?id=1&access_token=hunter2&x=y", "?id=1&access_token=[REDACTED:key]&x=y"],
    ["Authorization: Digest a, b\nnext", "Authorization: [REDACTED:key]\nnext"],
    ["Cookie: a=b; c=d", "Cookie: [REDACTED:key]"],
    ["if (secret === 'hunter2') {}", "if (secret === [REDACTED:key]) {}"],
    ["a=password=hunter2", "a=password=[REDACTED:key]"],
  ])("%s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    ["wget --password s3cret https://a", "wget --password [REDACTED:key] https://a"],
    ["wget --http-password 's3 cret' x", "wget --http-password [REDACTED:key] x"],
    ["a --token s3cret --api-key t0p -v", "a --token [REDACTED:key] --api-key [REDACTED:key] -v"],
    ['["wget","--password","s3cret"]', '["wget","--password","[REDACTED:key]"]'],
    ["wget --password=s3cret x", "wget --password=[REDACTED:key] x"],
    ["a --password --verbose", "a --password --verbose"],
    ["a --author Jane --output-token-limit 5", "a --author Jane --output-token-limit 5"],
  ])("are found behind options of a command line: %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it("know the names that were configured, beside the built-in ones", () => {
    expect(redact("customerId: 42, password: 1", { keys: ["customer_id"] })).toBe(
      "customerId: [REDACTED:key], password: [REDACTED:key]",
    );
  });
});

describe("patterns of the application's own", () => {
  const ownPatterns = { "employee-id": /\bE-\d{6}\b/, plate: "[A-Z]{1,3}-[A-Z]{2} \\d{1,4}" };

  it("leave their name in place of every find", () => {
    expect(redact("E-123456, E-654321 drive K-AB 123", { ownPatterns })).toBe(
      "[REDACTED:employee-id], [REDACTED:employee-id] drive [REDACTED:plate]",
    );
  });

  it("keep their flags, and leave the application's own expression as it was", () => {
    const sticky = /e-\d{6}/iy;
    sticky.lastIndex = 3;
    expect(redact("a E-123456 e-123456", { ownPatterns: { id: sticky } })).toBe(
      "a [REDACTED:id] [REDACTED:id]",
    );
    expect(sticky.lastIndex).toBe(3);
  });

  it("that find nothing, or the empty text, take nothing out", () => {
    expect(redact("abc", { ownPatterns: { nothing: /x*/, missing: /z/ } })).toBe("abc");
  });

  it("are applied to values and names of fields, too", () => {
    const redactor = createRedactor({ keys: [], patterns: [], ownPatterns });
    const { value } = redactValue({ "E-123456": ["by E-654321"] }, redactor, 1000);
    expect(value).toEqual({ "[REDACTED:employee-id]": ["by [REDACTED:employee-id]"] });
  });
});

describe("encoded data", () => {
  const data = Buffer.alloc(900, 7).toString("base64");

  it("becomes a mark with its mime type and size, in a data URL", () => {
    expect(redact(`![x](data:image/png;base64,${data})`)).toBe(
      "![x]([base64 image/png 900 bytes])",
    );
    expect(redact("data:;base64,QUJD")).toBe("[base64 3 bytes]");
  });

  it("becomes a mark with its size, alone or in lines", () => {
    expect(redact(`x ${data} y`)).toBe("x [base64 900 bytes] y");
    const lines = `${data.match(/.{1,76}/g)?.join("\n")}`;
    expect(redact(`x\n${lines}\ny`)).toBe("x\n[base64 900 bytes]\ny");
  });

  it("does not use up what is kept of the text around it", () => {
    const large = Buffer.alloc(300_000, 7).toString("base64");
    expect(redact(`before ${large} after`)).toBe("before [base64 300000 bytes] after");
  });
});

describe("limit", () => {
  const redactor = createRedactor({ keys: [], patterns: ALL });

  it("keeps what fits, and shows what does not", () => {
    expect(redactor.text("abcde", 5).text).toBe("abcde");
    expect(redactor.text("abcdef", 5).text).toBe("abcde…");
    expect(redactor.text("abcd👋", 5).text).toBe("abcd…");
    expect(redactor.text("", 5).text).toBe("");
  });

  it("lets no part of a secret through, wherever the text is cut and however it came", () => {
    const secrets = [
      "sk-proj-AbCdEf0123456789AbCdEf",
      "joe.bloggs@mail.example.org",
      "4111 1111 1111 1111",
    ];
    const filler = fc.constantFrom("lorem ", "ipsum. ", "a@b.org ", "password=x ");
    fc.assert(
      fc.property(
        fc.constantFrom(...secrets),
        fc.array(filler, { maxLength: 400 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.nat(2200),
        (secret, parts, at, limit) => {
          const around = parts.join("").padEnd(3200, "x y ");
          const text = `${around.slice(0, at)} ${secret} ${around.slice(at)}`;
          const held = text.slice(0, limit + OVERLAP);
          for (const given of [text, { text: held, length: text.length }]) {
            const result = redactor.text(given, limit).text;
            expect(result.length).toBeLessThanOrEqual(limit + 1);
            for (const piece of [secret.slice(0, 9), secret.slice(-9), secret.slice(4, 13)]) {
              expect(result).not.toContain(piece);
            }
          }
        },
      ),
    );
  });
});

describe("custom function", () => {
  it("comes last, on each text", () => {
    const seen: string[] = [];
    const custom = (text: string) => {
      seen.push(text);
      return text.replace("Bond", "[agent]");
    };
    expect(redact("Bond, a@b.org", { custom })).toBe("[agent], [REDACTED:email]");
    expect(seen).toEqual(["Bond, [REDACTED:email]"]);
  });

  it.each<[string, (text: string) => unknown]>([
    [
      "throws",
      () => {
        throw new Error("secret");
      },
    ],
    ["gives back nothing", () => undefined],
    ["gives back a promise", (text) => Promise.resolve(text)],
    ["gives back far more than it got", () => "x".repeat(100_000)],
  ])("fails the whole when it %s", (_name, custom) => {
    expect(() => redact("text", { custom: custom as (text: string) => string })).toThrow();
  });
});

describe("time", () => {
  const units = [
    "a",
    "a@",
    "@a.",
    "a.b@",
    "1 ",
    "4-",
    "sk-",
    "eyJ",
    "eyJa.",
    "Bearer ",
    "://a:",
    "://",
    "-----BEGIN PRIVATE KEY",
    "-----BEGIN PRIVATE KEY-----",
    "password:",
    'token="',
    "\\",
    "DE89 ",
    "AAAA",
    "=",
    "data:",
    "data:a/b;base64,",
    "SG.aaaaaaaaaaaaaaaaaaaa",
    "\n",
    "x".repeat(70) + "\n",
    "a-b_c.",
  ];
  const redactor = createRedactor({ keys: [], patterns: ALL });

  it("grows with the text and no faster, whatever is in it", () => {
    // what backtracks would take minutes for one of these
    const length = 100_000;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units), { minLength: 1, maxLength: 4 }), (parts) => {
        const unit = parts.join("");
        const text = unit.repeat(Math.ceil(length / unit.length));
        const startedAtMs = performance.now();
        redactor.text(text, length);
        expect(performance.now() - startedAtMs).toBeLessThan(1_500);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
