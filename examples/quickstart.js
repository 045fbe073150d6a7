// Observe one OpenAI client.
//
//   npm run build && node examples/quickstart.js
//
// With OPENAI_API_KEY set it asks the real provider; without, a simulated one: offline and for free.
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider, scriptedPlan } from "@rlm-toolkit/observability/testing";
import OpenAI from "openai";

// These two lines are all there is to it.
const obs = createObservability({ serviceName: "quickstart", server: { port: 0 } });
const openai = obs.observe(new OpenAI(clientOptions()));

// What was measured goes to /metrics, to the log on standard error, to OTLP and Langfuse if they are set up, and to you:
obs.subscribe(({ data }) => console.log("tokens", data.usage, "cost", data.cost), {
  types: ["llm_request_completed"],
});

// Everything that is called in here belongs to this session and this user.
await obs.session("session-1", () =>
  obs.withContext({ userId: "user-1", tags: ["quickstart"] }, async () => {
    const messages = [{ role: "user", content: "Say hello in three words." }];
    const answer = await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
    console.log("answer", answer.choices[0].message.content);
  }),
);
obs.endSession("session-1");

const { url } = await obs.ready();
const metrics = await (await fetch(`${url}/metrics`)).text();
console.log(metrics.match(/^rlm_requests_total.*$/m)?.[0]);

// Sends what still waits, and says what was lost: nothing, `{}`.
const { lost } = await obs.shutdown();
console.log("lost", lost);

function clientOptions() {
  if (process.env.OPENAI_API_KEY) return {};
  const answer = {
    kind: "answer",
    promptTokens: 14,
    completionTokens: 4,
    content: "Hello, dear you!",
  };
  const provider = createSimulatedProvider({ plan: scriptedPlan([answer]) });
  return { apiKey: "simulated", fetch: provider.fetch };
}
