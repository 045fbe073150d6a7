import { setImmediate as turn } from "node:timers/promises";
import { describe } from "./describe.js";

/**
 * What a scenario's application has at hand. It doesn't know whether it is observed.
 *
 * @typedef {ReturnType<typeof createApp>} App
 */
export function createApp({ plan, sdk, observer, provider, held, telemetry }) {
  const logged = [];
  const { family } = plan.subject;
  return {
    sdk,
    Client: clientClass(sdk, family),
    subject: plan.subject,
    provider,
    /** Labels in the order they were passed, compared with the bare run's. */
    logged,
    log: (label, ...values) => void logged.push([label, ...values.map(describe)]),
    /** A client of this SDK that calls the scenario's provider. */
    client: (options = {}) => observer.observe(bareClient(sdk, family, { provider, options })),
    /** Makes the SDK's other classes, such as `AzureOpenAI`, the same way. */
    observed: (client) => observer.observe(client),
    observer,
    fetch: observer.fetch,
    /** Keeps a value from being collected until all is told. */
    hold: (value) => void held.push(value),
    collectGarbage: async () => {
      for (let round = 0; round < 5; round += 1) {
        await turn();
        globalThis.gc?.();
      }
    },
    turn,
    api: telemetry.api,
  };
}

function clientClass(sdk, family) {
  if (family === "ollama") return sdk.Ollama;
  if (family === "fetch") return undefined;
  return sdk.default?.default ?? sdk.default ?? sdk;
}

function bareClient(sdk, family, { provider, options }) {
  const Client = clientClass(sdk, family);
  if (family === "ollama") return new Client({ host: provider.url, ...options });
  const baseURL = family === "openai" ? `${provider.url}/v1` : provider.url;
  return new Client({
    apiKey: "sk-canary-key",
    baseURL,
    maxRetries: 0,
    timeout: 30_000,
    ...options,
  });
}
