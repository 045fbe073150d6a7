import { AsyncLocalStorage } from "node:async_hooks";
import { devNull } from "node:os";
import OpenAI from "openai";
import { providerFetch } from "./provider.js";

/** The application's own code: a call, and its answer read to the end. */
async function call(client, request) {
  const answer = await client.chat.completions.create(request);
  if (request.stream) for await (const _chunk of answer);
}

const client = () => new OpenAI({ apiKey: "sk-bench", fetch: providerFetch });

const bare = () => {
  const openai = client();
  return { call: (request) => call(openai, request), flush() {} };
};

/** Our wrapper; `options` beside the exporter. */
async function ours(collectorUrl, options) {
  const { createObservability } = await import("@rlm-toolkit/observability");
  const obs = createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    metrics: { process: false },
    otlp: { endpoint: collectorUrl },
    ...options,
  });
  const openai = obs.observe(client());
  return { call: (request) => call(openai, request), flush: () => obs.forceFlush() };
}

/** What is measured, by name. Each gives a call to run, and a way to send what waits. */
export const subjects = {
  bare,
  /** Bare, in an application that uses `AsyncLocalStorage`, as nearly every server does. */
  "bare + async context": () => {
    new AsyncLocalStorage().run({}, () => {});
    return bare();
  },
  floor: async (collectorUrl) => {
    const { createFloor } = await import("./floor.js");
    const openai = client();
    const floor = createFloor(collectorUrl);
    return { call: (request) => floor.call(openai, request), flush: () => floor.flush() };
  },
  ours: (collectorUrl) => ours(collectorUrl, {}),
  "ours, every sink": (collectorUrl) =>
    ours(collectorUrl, {
      log: { destination: devNull },
      langfuse: { publicKey: "pk-lf-bench", secretKey: "sk-lf-bench", baseUrl: collectorUrl },
    }),
};
