// Makes five observed calls, and ends by itself. Runs on the built package, configured by its environment.
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider } from "@rlm-toolkit/observability/testing";

const provider = await createSimulatedProvider({
  plan: () => ({ kind: "answer", promptTokens: 1, completionTokens: 1 }),
}).listen();
const obs = createObservability({ server: { enabled: false } });
const body = JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "Hello" }] });
for (let count = 0; count < 5; count += 1) {
  const response = await obs.fetch(`${provider.url}/v1/chat/completions`, { method: "POST", body });
  await response.json();
}
await provider.close();
