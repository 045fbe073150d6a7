import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObservabilityError, ObservabilityError } from "../errors/index.ts";
import { variableName } from "./option-definition.ts";
import type { ObservabilityOptions } from "./options.ts";
import { optionRows } from "./option-table.ts";
import { resolveConfig } from "./resolve-config.ts";

/** Calls as plain JavaScript would, types aside. */
function problemsOf(options: unknown, env: Record<string, string> = {}): string {
  try {
    resolveConfig(options as ObservabilityOptions, env);
  } catch (error) {
    if (isObservabilityError(error) && error.code === "CONFIGURATION_INVALID") return error.message;
    throw error;
  }
  throw new Error("expected a configuration error");
}

describe("defaults", () => {
  it("fills in everything that has a default, and nothing else", () => {
    expect(resolveConfig(undefined, {})).toEqual({
      config: {
        enabled: true,
        serviceName: "unknown_service:node",
        server: {
          enabled: true,
          host: "127.0.0.1",
          port: 9464,
          protectMetrics: false,
          allowUnauthenticatedMount: false,
          maxRequestsPerMinute: 600,
        },
        otlp: { enabled: true, headers: {}, timeoutMs: 10_000, maxQueueSize: 2_048 },
        langfuse: {
          baseUrl: "https://cloud.langfuse.com",
          timeoutMs: 5_000,
          maxQueueSize: 2_048,
        },
        log: { destination: "stderr", maxSizeBytes: 10_485_760, maxFiles: 5 },
        pricing: { overrides: {}, privateHosts: false },
        providers: {},
        metrics: { maxLabelValues: 200, process: true },
        sessions: { maxActive: 10_000, idleMs: 1_800_000, maxRequests: 50, retentionMs: 3_600_000 },
        audit: {
          fsync: "interval",
          fsyncIntervalMs: 1_000,
          maxSizeBytes: 67_108_864,
          maxQueueSize: 10_000,
          maxInMemory: 256,
        },
        webhook: { timeoutMs: 5_000, minIntervalMs: 10_000 },
        events: {
          storeMaxBatchSize: 200,
          storeMaxDelayMs: 50,
          storeMaxQueueSize: 10_000,
          storeTimeoutMs: 5_000,
          redisPrefix: "rlm:",
          redisMaxLength: 50_000,
          redisMaxQueueSize: 10_000,
          redisTimeoutMs: 5_000,
        },
        semconv: "v1.41",
        includeUsage: false,
        estimateUsage: false,
        content: {
          capture: "off",
          target: "all",
          maxPartCharacters: 10_000,
          maxListCharacters: 100_000,
          toolSchemas: false,
        },
        redaction: {
          keys: [],
          patterns: [
            "private-key",
            "url-password",
            "api-key",
            "jwt",
            "bearer",
            "email",
            "iban",
            "card",
          ],
          ownPatterns: {},
        },
        idleLimitMs: 300_000,
        shutdownTimeoutMs: 5_000,
      },
      warnings: [],
    });
  });

  it("are values their own option accepts", () => {
    const defaulted = optionRows.filter(([, row]) => row.default !== undefined);
    for (const [path, row] of defaulted) {
      expect(row.type.check(row.default), path).toEqual({ value: row.default });
    }
  });

  it("stay in place when an option is given as undefined", () => {
    const options = { serviceName: undefined, server: { port: undefined } };
    expect(resolveConfig(options as object, {}).config.server.port).toBe(9464);
  });
});

describe("precedence", () => {
  it("lets code beat the environment, and the environment beat the default", () => {
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: "9001", OTEL_EXPORTER_PROMETHEUS_HOST: "::1" };
    expect(resolveConfig({ server: { port: 9002 } }, env).config.server).toMatchObject({
      enabled: true,
      host: "::1",
      port: 9002,
    });
  });

  it("does not look at a variable whose option is set in code", () => {
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: "many" };
    expect(resolveConfig({ server: { port: 9002 } }, env).warnings).toEqual([]);
  });

  it("takes the first of several variables that is set", () => {
    const env = { LANGFUSE_HOST: "http://host", LANGFUSE_BASEURL: "http://legacy" };
    expect(resolveConfig({}, env).config.langfuse.baseUrl).toBe("http://legacy");
  });

  it("prefers OTEL_SERVICE_NAME to the resource attribute service.name", () => {
    const attributes = "service.name=from-attributes,service.version=1%2C2";
    const env = { OTEL_RESOURCE_ATTRIBUTES: attributes, OTEL_SERVICE_NAME: "from-name" };
    expect(resolveConfig({}, env).config).toMatchObject({
      serviceName: "from-name",
      serviceVersion: "1,2",
      environment: undefined,
    });
  });
});

describe("environment variables", () => {
  it.each(["", "   "])("count as unset when they hold %j", (empty) => {
    const env = Object.fromEntries(
      optionRows.flatMap(([, row]) => row.environment.map((name) => [variableName(name), empty])),
    );
    expect(resolveConfig({}, env)).toEqual(resolveConfig({}, {}));
  });

  it.each([
    ["OTEL_SDK_DISABLED", "true", { enabled: false }],
    ["OTEL_SDK_DISABLED", "False", { enabled: true }],
    ["RLM_ENABLED", "0", { enabled: false }],
    ["LANGFUSE_TIMEOUT", "2.5", { langfuse: { timeoutMs: 2_500 } }],
    ["RLM_EVENTS_STORE", "./events", { events: { store: "./events" } }],
    [
      "RLM_EVENTS_STORE",
      "postgres://me:secret@db:5432/app",
      { events: { store: "postgres://me:secret@db:5432/app" } },
    ],
    [
      "RLM_EVENTS_STORE",
      "postgres://me:secret@db:5432/app",
      { events: { store: "postgres://me:secret@db:5432/app" } },
    ],
    ["RLM_LOG", "/var/log/llm.jsonl", { log: { destination: "/var/log/llm.jsonl" } }],
    [
      "OTEL_SEMCONV_STABILITY_OPT_IN",
      "http, gen_ai_latest_experimental",
      { semconv: "genai-main" },
    ],
    ["OTEL_TRACES_EXPORTER", "none", { otlp: { enabled: false } }],
    ["OTEL_TRACES_EXPORTER", "otlp", { otlp: { enabled: true } }],
    ["OTEL_SEMCONV_STABILITY_OPT_IN", "http/dup", { semconv: "v1.41" }],
    ["RLM_SEMCONV", "GenAI-Main", { semconv: "genai-main" }],
    ["OTEL_BSP_MAX_QUEUE_SIZE", "16", { otlp: { maxQueueSize: 16 } }],
    [
      "RLM_SERVER_TOKENS",
      "the-first-of-two-tokens, the-second-of-two-tokens",
      { server: { tokens: ["the-first-of-two-tokens", "the-second-of-two-tokens"] } },
    ],
    ["RLM_SERVER_BASE_PATH", "/eventsx", { server: { basePath: "/eventsx" } }],
    ["RLM_SERVER_BASE_PATH", "/a/b-1", { server: { basePath: "/a/b-1" } }],
    [
      "RLM_PRICES",
      '{"my-model":{"inputPerMillion":1,"outputPerMillion":2.5}}',
      { pricing: { overrides: { "my-model": { inputPerMillion: 1, outputPerMillion: 2.5 } } } },
    ],
  ])("%s=%s", (name, value, expected) => {
    const { config, warnings } = resolveConfig({}, { [name]: value });
    expect(warnings).toEqual([]);
    expect(config).toMatchObject(expected);
  });

  it("merge OTLP headers, percent-decoded; those for traces win", () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Basic%20YTpi, x-tenant=all",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-tenant=a=b",
    };
    expect(resolveConfig({}, env).config.otlp.headers).toEqual({
      authorization: "Basic YTpi",
      "x-tenant": "a=b",
    });
  });

  it.each([
    [
      "OTEL_EXPORTER_PROMETHEUS_PORT",
      "99999",
      "OTEL_EXPORTER_PROMETHEUS_PORT: expected a whole number from 0 to 65535, got the number 99999; server.port keeps its default, 9464",
    ],
    [
      "OTEL_SDK_DISABLED",
      "yes",
      "OTEL_SDK_DISABLED: expected true or false, got a text; enabled keeps its default, true",
    ],
    [
      "LANGFUSE_TIMEOUT",
      "-5",
      "LANGFUSE_TIMEOUT: expected a number of seconds greater than 0, got the number -5; langfuse.timeoutMs keeps its default, 5000 ms",
    ],
    [
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "localhost:4317",
      "OTEL_EXPORTER_OTLP_ENDPOINT: expected an http:// or https:// URL, got a text; otlp.endpoint stays unset",
    ],
    [
      "RLM_EVENTS_REDIS",
      "redis://:secret@localhost/x",
      "RLM_EVENTS_REDIS: expected a redis:// or rediss:// URL, with the number of a database at its end or without, got a text; events.redis stays unset",
    ],
    [
      "RLM_EVENTS_REDIS",
      "redis://localhost/3/4",
      "RLM_EVENTS_REDIS: expected a redis:// or rediss:// URL, with the number of a database at its end or without, got a text; events.redis stays unset",
    ],
    [
      "RLM_EVENTS_REDIS",
      "redis://localhost?db=x",
      "RLM_EVENTS_REDIS: expected a redis:// or rediss:// URL, with the number of a database at its end or without, got a text; events.redis stays unset",
    ],
    [
      "RLM_EVENTS_STORE",
      "mysql://me:secret@db/app",
      "RLM_EVENTS_STORE: expected a folder, or the URL of a PostgreSQL server (postgres://user:password@host:port/database, port up to 65535; / # @ and such in the password percent-encoded), got a text; events.store stays unset",
    ],
    [
      "RLM_EVENTS_STORE",
      "postgres:secret@db/app",
      "RLM_EVENTS_STORE: expected a folder, or the URL of a PostgreSQL server (postgres://user:password@host:port/database, port up to 65535; / # @ and such in the password percent-encoded), got a text; events.store stays unset",
    ],
    [
      "RLM_EVENTS_STORE",
      "postgres://me:secret@db:99999/app",
      "RLM_EVENTS_STORE: expected a folder, or the URL of a PostgreSQL server (postgres://user:password@host:port/database, port up to 65535; / # @ and such in the password percent-encoded), got a text; events.store stays unset",
    ],
  ])("%s=%s gives one warning, and the default", (name, value, warning) => {
    expect(resolveConfig({}, { [name]: value })).toEqual({
      config: resolveConfig({}, {}).config,
      warnings: [warning],
    });
  });

  it("never throw and never keep a bad value, whatever they hold", () => {
    const names = optionRows.flatMap(([, row]) => row.environment.map(variableName));
    const texts = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.constantFrom("{}", "=", "%", "http://"),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), texts), (env) => {
        const { config } = resolveConfig({}, env);
        // what the environment gave is good enough to be given in code
        expect(resolveConfig(structuredClone(config) as ObservabilityOptions, {}).config).toEqual(
          config,
        );
      }),
    );
  });
});

describe("content capture", () => {
  const variable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

  it.each([
    ["NO_CONTENT", "off", "all"],
    ["SPAN_ONLY", "full", "spans"],
    ["EVENT_ONLY", "full", "events"],
    ["SPAN_AND_EVENT", "full", "all"],
    ["true", "full", "all"],
    ["True", "full", "all"],
    ["1", "full", "all"],
    ["false", "off", "all"],
    ["none", "off", "all"],
    ["span_only", "full", "spans"],
    ["metadata", "metadata", "all"],
    ["Full", "full", "all"],
    ["off", "off", "all"],
  ])("is told by the standard variable in every spelling: %s", (text, capture, target) => {
    const { config, warnings } = resolveConfig({}, { [variable]: text });
    expect(warnings).toEqual([]);
    expect(config.content).toMatchObject({ capture, target });
  });

  it.each([
    { [variable]: "yes please" },
    { [variable]: "true", RLM_REDACTION_KEYS: "a,,b" },
    { [variable]: "true", RLM_REDACTION_PATTERNS: "email,phone" },
    { [variable]: "true", RLM_CONTENT_TARGET: "console" },
    { [variable]: "true", RLM_CONTENT_MAX_PART_CHARACTERS: "-1" },
    { [variable]: "true", RLM_CONTENT_TOOL_SCHEMAS: "some" },
  ])("is off, with one warning, where a variable is not understood: %j", (env) => {
    const { config, warnings } = resolveConfig({}, env);
    expect(config.content.capture).toBe("off");
    expect(warnings).toEqual([expect.stringMatching(/content capture is off$/)]);
  });

  it("is off even if code asks for it, when what guards it was misunderstood", () => {
    const env = { RLM_REDACTION_PATTERNS: "emails" };
    expect(resolveConfig({ content: { capture: "full" } }, env).config.content.capture).toBe("off");
  });

  it("has its redaction set by lists and a function", () => {
    const custom = (text: string) => text;
    const env = { RLM_REDACTION_KEYS: "customer_id, notes", RLM_REDACTION_PATTERNS: "Email,card" };
    expect(resolveConfig({ redaction: { custom } }, env).config.redaction).toEqual({
      keys: ["customer_id", "notes"],
      patterns: ["email", "card"],
      ownPatterns: {},
      custom,
    });
    expect(resolveConfig({}, { RLM_REDACTION_PATTERNS: "none" }).config.redaction.patterns).toEqual(
      [],
    );
    expect(problemsOf({ redaction: { custom: "text", patterns: ["phone"] } }).split("\n")).toEqual([
      "Invalid configuration:",
      expect.stringMatching(
        /^ {2}- redaction\.patterns \(RLM_REDACTION_PATTERNS\): expected a list of /,
      ),
      "  - redaction.custom: expected a function that takes a text and returns one, got a text",
    ]);
  });
});

describe("bad values in code", () => {
  it("are reported all at once, each with its option, variable, expectation and what was given", () => {
    const options = {
      server: { port: "9464", prot: 1 },
      otlp: { endpoint: "ftp://collector", timeoutMs: 2 ** 31 },
      pricing: { overrides: { small: { inputPerMillion: -1, outputPerMillion: 1 } } },
      log: "stdout",
      idleLimitMs: null,
    };
    expect(problemsOf(options).split("\n")).toEqual([
      "Invalid configuration:",
      "  - server.prot is not an option; did you mean server.port?",
      "  - log: expected an object, got a text",
      "  - server.port (OTEL_EXPORTER_PROMETHEUS_PORT): expected a whole number from 0 to 65535, got a text",
      "  - otlp.endpoint (OTEL_EXPORTER_OTLP_ENDPOINT): expected an http:// or https:// URL, got a text",
      "  - otlp.timeoutMs (OTEL_EXPORTER_OTLP_TRACES_TIMEOUT, OTEL_EXPORTER_OTLP_TIMEOUT): expected a whole number of milliseconds from 1 to 2147483647, got the number 2147483648",
      expect.stringMatching(
        /^ {2}- pricing\.overrides \(RLM_PRICES\): .* got the number -1 at small → inputPerMillion$/,
      ),
      "  - idleLimitMs (RLM_IDLE_LIMIT_MS): expected a whole number of milliseconds from 1 to 2147483647, got null",
    ]);
  });

  it("throw the package's own error", () => {
    expect(() => resolveConfig({ server: { port: -1 } }, {})).toThrow(ObservabilityError);
  });

  it.each([
    ["port", "server.port"],
    ["servername", "serviceName"],
    ["lanfuse", "langfuse"],
    ["langfuse.secretkey", "langfuse.secretKey"],
    ["otlp.header", "otlp.headers"],
  ])("name the option nearest to the unknown %s: %s", (unknown, nearest) => {
    const [section = "", key] = unknown.split(".");
    const options = key === undefined ? { [section]: 1 } : { [section]: { [key]: 1 } };
    expect(problemsOf(options)).toContain(`${unknown} is not an option; did you mean ${nearest}?`);
  });

  it("suggest nothing for a name that is like none", () => {
    expect(problemsOf({ quux: 1 })).toMatch(/quux is not an option$/);
  });

  it.each([[null], ["text"], [5], [[]]])("refuse %j for the options themselves", (options) => {
    expect(problemsOf(options)).toContain("options: expected an object");
  });

  it("name an unknown field of a price", () => {
    const overrides = { large: { inputPerMillion: 1, outputPerMillion: 1, cachePerMillion: 1 } };
    expect(problemsOf({ pricing: { overrides } })).toMatch(
      /got the unknown field large → cachePerMillion$/,
    );
  });
});

describe("Langfuse keys", () => {
  it("are reported when the one in code is alone", () => {
    expect(problemsOf({ langfuse: { publicKey: "pk-1" } })).toContain(
      "langfuse.secretKey (LANGFUSE_SECRET_KEY): expected with langfuse.publicKey (LANGFUSE_PUBLIC_KEY), got nothing",
    );
  });

  it("give a warning and leave Langfuse off when the one in the environment is alone", () => {
    const { config, warnings } = resolveConfig({}, { LANGFUSE_SECRET_KEY: "sk-1" });
    expect(config.langfuse).toMatchObject({ publicKey: undefined, secretKey: undefined });
    expect(warnings).toEqual([expect.stringContaining("LANGFUSE_PUBLIC_KEY")]);
  });

  it("may come half from code, half from the environment", () => {
    const env = { LANGFUSE_SECRET_KEY: "sk-1" };
    const { config, warnings } = resolveConfig({ langfuse: { publicKey: "pk-1" } }, env);
    expect(config.langfuse).toMatchObject({ publicKey: "pk-1", secretKey: "sk-1" });
    expect(warnings).toEqual([]);
  });

  it("are not called missing when they are bad", () => {
    const problems = problemsOf({ langfuse: { publicKey: "", secretKey: "sk-1" } });
    expect(problems.split("\n")).toHaveLength(2);
  });
});

describe("what guards access", () => {
  it.each(["short", "long enough, but short too", "a token with spaces in it"])(
    "lets nobody in when the tokens in the environment are %j",
    (tokens) => {
      const { config, warnings } = resolveConfig({}, { RLM_SERVER_TOKENS: tokens });
      expect(config.server.tokens).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining("access is closed until it is mended")]);
    },
  );

  it("protects the metrics when nobody can tell whether it should", () => {
    const { config } = resolveConfig({}, { RLM_SERVER_PROTECT_METRICS: "perhaps" });
    expect(config.server.protectMetrics).toBe(true);
  });

  it.each([
    "observability",
    "/",
    "/a/",
    "//a",
    "/a/../b",
    "/a?b",
    "/ä",
    "/a b",
    "/events",
    "/metrics/x",
  ])("refuses the base path %j", (basePath) => {
    expect(problemsOf({ server: { basePath } })).toContain("server.basePath");
  });
});

describe("secrets", () => {
  const CANARY = "canary-7f3a";

  it.each([
    { langfuse: { secretKey: CANARY } },
    { langfuse: { secretKey: [CANARY], publicKey: { [CANARY]: 1 } } },
    { otlp: { headers: CANARY } },
    { otlp: { headers: { [`Authorization: ${CANARY}`]: "" } } },
    { otlp: { headers: { authorization: `${CANARY}\n` } } },
    { webhook: { url: `hooks/${CANARY}` } },
    { server: { tokens: [CANARY] } },
    { server: { tokens: CANARY } },
    { otlp: { endpoint: `//user:${CANARY}@host` } },
  ])("stay out of the error for %j", (options) => {
    expect(problemsOf(options)).not.toContain(CANARY);
  });

  it("stay out of every warning, whichever variable they are in", () => {
    for (const [, row] of optionRows) {
      for (const name of row.environment.map(variableName)) {
        const { warnings } = resolveConfig({}, { [name]: `\u0000 ${CANARY} = %` });
        expect(warnings.join("\n"), name).not.toContain(CANARY);
      }
    }
  });

  it("given as a number are not shown either", () => {
    expect(problemsOf({ langfuse: { secretKey: 424_242, publicKey: "pk" } })).toMatch(
      /got a number$/,
    );
  });
});
