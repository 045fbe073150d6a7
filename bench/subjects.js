import { AsyncLocalStorage } from "node:async_hooks";
import { devNull } from "node:os";
import { call, createClient } from "./client.js";

const bare = (_collectorUrl, folder) => {
  const openai = createClient(folder);
  return { call: (request) => call(openai, request), flush() {} };
};

/** Our wrapper; `options` beside the exporter. */
async function ours(collectorUrl, folder, options) {
  const { createObservability } = await import("@rlm-toolkit/observability");
  const obs = createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    metrics: { process: false },
    otlp: { endpoint: collectorUrl },
    ...options,
  });
  const openai = obs.observe(createClient(folder));
  return { call: (request) => call(openai, request), flush: () => obs.forceFlush() };
}

/**
 * What is measured, by name. Each gives a call to run, and a way to send what waits; its `openai` comes from `folder`
 * when there is one.
 */
export const subjects = {
  bare,
  /** Bare, in an application that uses `AsyncLocalStorage`, as nearly every server does. */
  "bare + async context": (collectorUrl, folder) => {
    new AsyncLocalStorage().run({}, () => {});
    return bare(collectorUrl, folder);
  },
  floor: async (collectorUrl, folder) => {
    const { createFloor } = await import("./floor.js");
    const openai = createClient(folder);
    const floor = createFloor(collectorUrl);
    return { call: (request) => floor.call(openai, request), flush: () => floor.flush() };
  },
  ours: (collectorUrl, folder) => ours(collectorUrl, folder, {}),
  "ours, with content": (collectorUrl, folder) =>
    ours(collectorUrl, folder, { content: { capture: "full" } }),
  "ours, every sink": (collectorUrl, folder) =>
    ours(collectorUrl, folder, {
      log: { destination: devNull },
      langfuse: { publicKey: "pk-lf-bench", secretKey: "sk-lf-bench", baseUrl: collectorUrl },
    }),
};
