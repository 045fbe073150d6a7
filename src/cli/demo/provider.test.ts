import { expect, test } from "vitest";
import { serviceLevels } from "../../semconv/service-levels.ts";
import type { Behaviour, ChatRequest } from "../../testing/index.ts";
import { demoOptions } from "./options.ts";
import { startProvider } from "./provider.ts";
import { demoPlan } from "./provider-plan.ts";

test("without a key the provider is simulated, on loopback", async () => {
  const provider = await startProvider({ OPENAI_API_KEY: "" }, 1);
  try {
    expect(provider).toMatchObject({ kind: "simulated", ratePerSecond: 5 });
    expect(provider.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    const models = await fetch(`${provider.baseUrl}/models`);
    expect(models.status).toBe(200);
  } finally {
    await provider.close();
  }
});

test("with a key it is the real one, asked little", async () => {
  expect(await startProvider({ OPENAI_API_KEY: "sk-1" }, 1)).toMatchObject({
    kind: "real",
    apiKey: "sk-1",
    models: [{ model: "gpt-4o-mini", share: 1 }],
    maxTokens: 32,
    ratePerSecond: 0.2,
  });
  const compatible = {
    OPENAI_API_KEY: "sk-1",
    OPENAI_BASE_URL: "http://localhost:11434/v1",
    OPENAI_MODEL: "llama3",
  };
  expect(await startProvider(compatible, 1)).toMatchObject({
    baseUrl: "http://localhost:11434/v1",
    models: [{ model: "llama3" }],
  });
});

const request: ChatRequest = {
  model: "o4-mini",
  messagesCount: 6,
  stream: true,
  includeUsage: true,
  choiceCount: 1,
  retryCount: 0,
  headers: {},
  body: {},
};
const draw = (count: number, retryCount: number): Behaviour[] => {
  const plan = demoPlan(1);
  return Array.from({ length: count }, (_, index) => plan({ ...request, retryCount }, index));
};

test("the simulated provider does all that can go wrong, mostly answers, and repeats", () => {
  const drawn = draw(2000, 0);
  const name = (behaviour: Behaviour) =>
    behaviour.kind === "status" ? String(behaviour.status) : behaviour.kind;
  const answers = drawn.filter(({ kind }) => kind === "answer");
  expect(new Set(drawn.map(name))).toEqual(new Set(["answer", "429", "500", "400", "hang", "cut"]));
  expect(answers.length / drawn.length).toBeGreaterThan(0.8);
  expect(draw(2000, 0)).toEqual(drawn);

  const retried = draw(2000, 1).filter(({ kind }) => kind === "answer");
  expect(retried.length).toBeLessThan(answers.length);
});

/** Share of operations that fail when each is tried three times, as the SDK does. */
function failureRatio(seed: number, operations: number): number {
  const plan = demoPlan(seed);
  let index = 0;
  let failed = 0;
  for (let operation = 0; operation < operations; operation += 1) {
    let kind = "";
    for (let retryCount = 0; retryCount < 3; retryCount += 1) {
      const behaviour = plan({ ...request, retryCount }, index++);
      const isFinal = behaviour.kind === "status" && behaviour.status === 400;
      kind = behaviour.kind;
      if (kind === "answer" || kind === "cut" || isFinal) break;
    }
    if (kind !== "answer") failed += 1;
  }
  return failed / operations;
}

test("few operations fail for good: five minutes of the demo raise no alert", () => {
  const ratios = Array.from({ length: 50 }, (_, seed) => failureRatio(seed, 5 * 300));
  expect(Math.max(...ratios)).toBeLessThan(serviceLevels.failureRatio.warning * 0.9);
  expect(Math.min(...ratios)).toBeGreaterThan(0.01);
});

test("its answers have plausible tokens", () => {
  for (const behaviour of draw(500, 0)) {
    if (behaviour.kind !== "answer") continue;
    const { promptTokens, cachedTokens = 0, completionTokens, reasoningTokens = 0 } = behaviour;
    expect(cachedTokens).toBeGreaterThan(0);
    expect(cachedTokens).toBeLessThan(promptTokens);
    expect(reasoningTokens).toBeGreaterThan(0);
    expect(reasoningTokens).toBeLessThan(completionTokens);
  }
});

const flags = { seed: 1, quiet: false };
const simulated = { kind: "simulated" as const };

test("the demo sets what it must and leaves the rest to the environment", () => {
  expect(demoOptions(flags, simulated, { environment: {} })).toEqual({
    serviceName: "rlm-demo",
    server: {},
    log: { destination: "off" },
    pricing: { privateHosts: true },
  });
  expect(
    demoOptions(
      { ...flags, host: "0.0.0.0", port: 0 },
      { kind: "real" },
      { environment: { OTEL_SERVICE_NAME: "mine", RLM_LOG: "stdout" } },
    ),
  ).toEqual({ server: { host: "0.0.0.0", port: 0 } });
});

test("log lines are off, unless asked for", () => {
  const logOf = (environment: Record<string, string>) =>
    demoOptions(flags, simulated, { environment }).log;
  expect(logOf({})).toEqual({ destination: "off" });
  expect(logOf({ RLM_LOG: "" })).toEqual({ destination: "off" });
  expect(logOf({ RLM_LOG: "calls.log" })).toBeUndefined();
});
