// One instance of an application, which does what its parent asks for. Runs on the built package.
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider } from "@rlm-toolkit/observability/testing";

const USAGE = { promptTokens: 100, completionTokens: 10 };

const provider = await createSimulatedProvider({
  plan: () => ({ kind: "answer", ...USAGE }),
}).listen();
const obs = createObservability({ server: { enabled: false }, log: { destination: "off" } });

const request = {
  method: "POST",
  body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hello" }] }),
};

async function call(sessionId, count) {
  for (let index = 0; index < count; index += 1) {
    await obs.session(sessionId, async () => {
      const response = await obs.fetch(`${provider.url}/v1/chat/completions`, request);
      await response.json();
    });
  }
}

const commands = {
  call: ({ sessionId, count }) => call(sessionId, count),
  record: ({ sessionId }) => obs.sessionMetrics.get(sessionId),
  /** What the store has, into what is counted; how many of its events counted. */
  restore: async () => {
    let counted = 0;
    await obs.eventStore.replay({}, (event) => {
      if (obs.sessionMetrics.restore(event)) counted += 1;
    });
    return counted;
  },
  metrics: async () => (await obs.handler(new Request("http://localhost/metrics"))).text(),
  health: () => obs.getHealthStatus(),
  flush: () => obs.forceFlush(),
  /** Nothing is left to do: the process ends by itself, or it doesn't. */
  leave: async () => {
    await provider.close();
    setImmediate(() => process.disconnect());
  },
  shutdown: () => obs.shutdown(),
};

async function answer({ id, name, ...parameters }) {
  const result = await commands[name](parameters);
  process.send({ id, result });
}

process.on("message", (message) => void answer(message));
process.send({ id: 0 });
