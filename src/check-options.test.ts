import { afterEach, expect, test } from "vitest";
import { createObservability, type Observability } from "./index.ts";

let obs: Observability;
afterEach(() => obs.shutdown());

const CASES: readonly (readonly [string, (obs: Observability, options: never) => unknown])[] = [
  ["observe", (given, options) => given.observe({ fetch }, options)],
  ["createMonitoredLlm", (given, options) => given.createMonitoredLlm("openai", "m", options)],
  ["generateGrafanaDashboard", (given, options) => given.generateGrafanaDashboard(options)],
];

const KEYS: Readonly<Record<string, readonly [wrong: object, problem: string]>> = {
  observe: [
    { includeUsag: true, provider: 7 },
    "`includeUsag` is no option; did you mean `includeUsage`?; `provider` must be a text",
  ],
  createMonitoredLlm: [
    { apikey: "sk-secret", timeoutMs: "5s" },
    "`apikey` is no option; did you mean `apiKey`?; `timeoutMs` must be a number of milliseconds",
  ],
  generateGrafanaDashboard: [{ titel: "Mine" }, "`titel` is no option; did you mean `title`?"],
};

test.each(CASES)("%s() refuses options that it doesn't have, on and off", (method, call) => {
  const [wrong, problem] = KEYS[method] ?? [];
  for (const enabled of [true, false]) {
    obs = createObservability({ enabled, server: { enabled: false }, log: { destination: "off" } });
    const refusal = { code: "CONFIGURATION_INVALID", message: `${method}(): ${problem}.` };
    expect(() => call(obs, wrong as never)).toThrow(expect.objectContaining(refusal));
    expect(() => call(obs, null as never)).toThrow(`${method}(): options must be an object.`);
    expect(() => call(obs, undefined as never)).not.toThrow();
  }
});
