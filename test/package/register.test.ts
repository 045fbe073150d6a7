import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Behaviour,
  createSimulatedProvider,
  type ListeningHandler,
  type SimulatedProvider,
} from "../../src/testing/index.ts";
import { type OtlpSink, refusingUrl, startOtlpSink } from "../support/otlp-sink.ts";
import { runUntil } from "../support/run-until.ts";
import { type InstalledPackage, installPackage } from "./installed-package.ts";

const REGISTER = ["--import", "@rlm-toolkit/observability/register"];
const ANSWER: Behaviour = {
  kind: "answer",
  promptTokens: 9,
  completionTokens: 3,
  content: "Hello!",
};
const CALLS = ["chat gpt-4o-mini", "chat gpt-4o"];

let installed: InstalledPackage;
let provider: SimulatedProvider;
let server: ListeningHandler;
let sink: OtlpSink;
/** Requests to come that are told to try again. */
let refusals: number;

beforeAll(async () => {
  installed = await installPackage();
  await bundle("calls.js", "esm");
  await bundle("calls.cjs", "cjs");
});
afterAll(() => installed?.remove());

beforeEach(async () => {
  sink = await startOtlpSink();
  refusals = 0;
  provider = createSimulatedProvider({
    plan: () => (refusals-- > 0 ? { kind: "status", status: 429, retryAfterMs: 1 } : ANSWER),
  });
  server = await provider.listen();
});
afterEach(async () => {
  await server.close();
  await sink.close();
});

/** An application in one file, the SDK inside, in a folder where none is installed. */
async function bundle(name: string, format: "esm" | "cjs"): Promise<void> {
  const input = join(installed.folder, "registered", name);
  const built = await rolldown({ input, platform: "node", logLevel: "silent" });
  await mkdir(join(installed.folder, "bundled"), { recursive: true });
  await built.write({ file: join(installed.folder, "bundled", name), format });
  await built.close();
}

interface Run {
  readonly parameters?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly whenReady?: (kill: (signal: NodeJS.Signals) => void) => unknown;
}

function run(app: readonly string[], { parameters = [], environment, whenReady }: Run = {}) {
  return runUntil([...parameters, ...app], {
    cwd: installed.folder,
    environment: {
      OPENAI_API_KEY: "sk-test",
      OPENAI_BASE_URL: `${server.url}/v1`,
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
      RLM_LOG: "off",
      ...environment,
    },
    ready: "ready",
    whenReady: whenReady ?? (() => {}),
  });
}

function spanNames(): string[] {
  return sink.spans.map(({ name }) => name);
}

describe("an application that is not edited ends as without us, and every call of it arrives", () => {
  test.each([
    ["as ES module", ["registered/calls.js"]],
    ["as CommonJS", ["registered/calls.cjs"]],
    ["bundled as ES module, the SDK inside", ["bundled/calls.js"]],
    ["bundled as CommonJS, the SDK inside", ["bundled/calls.cjs"]],
  ])("%s, by itself", async (_kind, app) => {
    const bare = await run(app);
    expect([bare.code, spanNames()]).toEqual([0, []]);
    const registered = await run(app, { parameters: REGISTER });
    expect(registered).toEqual(bare);
    expect(spanNames()).toEqual(CALLS);
  });

  test("with its SDK's retries as attempts of one call", async () => {
    refusals = 1;
    const bare = await run(["registered/calls.js"], { environment: { RETRIES: "1" } });
    refusals = 1;
    const registered = await run(["registered/calls.js"], {
      parameters: REGISTER,
      environment: { RETRIES: "1" },
    });
    expect(registered).toEqual(bare);
    expect(spanNames()).toEqual(CALLS);
    const attempts = sink.spans.map(({ attributes }) => [
      attributes["rlm.outcome"],
      attributes["http.request.resend_count"],
    ]);
    expect(attempts).toEqual([
      ["success", 1],
      ["success", undefined],
    ]);
  });

  test("in a worker thread, which leaves the port to the main one", async () => {
    const port = await freePort();
    const { code, stderr } = await run(["registered/worker.js"], {
      parameters: REGISTER,
      environment: { OTEL_EXPORTER_PROMETHEUS_PORT: port },
    });
    expect([code, stderr, spanNames()]).toEqual([0, "", CALLS]);
  });

  test("by an error", async () => {
    const bare = await run(["registered/calls.js", "throw"]);
    expect([bare.code, bare.stderr]).toEqual([1, expect.stringContaining("of the application")]);
    const registered = await run(["registered/calls.js", "throw"], { parameters: REGISTER });
    expect(registered).toEqual(bare);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("by %s", async (signal) => {
    const stop: Run = { whenReady: (kill) => kill(signal) };
    const bare = await run(["registered/calls.js", "wait"], stop);
    expect([bare.code, bare.signal]).toEqual([null, signal]);
    const registered = await run(["registered/calls.js", "wait"], {
      ...stop,
      parameters: REGISTER,
    });
    expect(registered).toEqual(bare);
    expect(spanNames()).toEqual(CALLS);
  });

  test("by SIGTERM, which it handles itself", async () => {
    const stop: Run = { whenReady: (kill) => kill("SIGTERM") };
    const bare = await run(["registered/calls.js", "graceful"], stop);
    expect([bare.code, bare.stdout]).toEqual([7, expect.stringContaining("stopping, 0 listen")]);
    const registered = await run(["registered/calls.js", "graceful"], {
      ...stop,
      parameters: REGISTER,
    });
    expect(registered).toEqual(bare);
    expect(spanNames()).toEqual(CALLS);
  });

  test("by SIGTERM, and the destination hangs: in time", async () => {
    sink.mode = "hang";
    const { signal } = await run(["registered/calls.js", "wait"], {
      parameters: REGISTER,
      environment: { RLM_SHUTDOWN_TIMEOUT_MS: "300" },
      whenReady: (kill) => kill("SIGTERM"),
    });
    expect(signal).toBe("SIGTERM");
  });
});

test("/metrics is served, with what the application called", async () => {
  const port = await freePort();
  let page = "";
  await run(["registered/calls.js", "wait"], {
    parameters: REGISTER,
    environment: { OTEL_EXPORTER_PROMETHEUS_PORT: port },
    async whenReady(kill) {
      page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      kill("SIGTERM");
    },
  });
  const labels = 'provider="openai",model="gpt-4o-mini",status="success",operation="chat"';
  expect(page).toContain(`rlm_requests_total{${labels}} 1\n`);
});

test("answers that nobody has read when the process ends are told all the same", async () => {
  const behaviours: Behaviour[] = [{ kind: "status", status: 503 }, ANSWER];
  provider = createSimulatedProvider({ plan: (_request, index) => behaviours[index] ?? ANSWER });
  await server.close();
  server = await provider.listen();
  const { code, stderr } = await run(["registered/unread.js"], { parameters: REGISTER });
  expect([code, stderr]).toEqual([0, ""]);
  expect(sink.spans.map(({ attributes }) => attributes["rlm.outcome"])).toEqual([
    "error",
    "abandoned",
  ]);
});

describe("a call is counted once", () => {
  test("registered twice, also by another copy", async () => {
    const copy = join(import.meta.dirname, "../../dist/register.js");
    const { code, stderr } = await run(["registered/calls.js"], {
      parameters: [...REGISTER, ...REGISTER, "--import", copy],
    });
    expect([code, stderr, spanNames()]).toEqual([0, "", CALLS]);
  });

  test("a client that the application observes itself is its own", async () => {
    const { stdout, stderr } = await run(["registered/own-client.js"], { parameters: REGISTER });
    expect([stdout, stderr]).toEqual(['["gpt-4o"]\n', ""]);
    expect(spanNames().toSorted()).toEqual(["chat gpt-4o", "chat gpt-4o-mini"]);
    expect(provider.requestCount).toBe(2);
  });

  test("and not at all where the application has put its own fetch", async () => {
    const { stdout, stderr } = await run(["registered/own-fetch.js"], { parameters: REGISTER });
    expect([stdout, stderr]).toEqual(["mocked true\n", ""]);
    expect(spanNames()).toEqual(["chat gpt-4o-mini"]);
  });
});

describe("configured by the environment", () => {
  test("a bad variable is reported in one line, and its default taken", async () => {
    const { code, stderr } = await run(["registered/calls.js"], {
      parameters: REGISTER,
      environment: { RLM_SHUTDOWN_TIMEOUT_MS: "soon" },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^\[rlm-obs\] configuration: .*RLM_SHUTDOWN_TIMEOUT_MS.*\n$/);
    expect(spanNames()).toEqual(CALLS);
  });

  test("switched off, it leaves everything as it is", async () => {
    const bare = await run(["registered/calls.js"]);
    const off = await run(["registered/calls.js"], {
      parameters: REGISTER,
      environment: { RLM_ENABLED: "false" },
    });
    expect(off).toEqual(bare);
    expect(spanNames()).toEqual([]);
  });
});

async function freePort(): Promise<string> {
  return new URL(await refusingUrl()).port;
}
