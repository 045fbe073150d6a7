// An application in TypeScript. It is type-checked against the installed package, never run.
import {
  createObservability,
  type Event,
  isObservabilityError,
  type Observability,
} from "@rlm-toolkit/observability";
import {
  collectEvents,
  createSimulatedProvider,
  scriptedPlan,
} from "@rlm-toolkit/observability/testing";
import OpenAI, { AzureOpenAI } from "openai";

const { fetch } = createSimulatedProvider({
  plan: scriptedPlan([{ kind: "answer", promptTokens: 14, completionTokens: 4 }]),
});

const obs: Observability = createObservability({
  serviceName: "typed",
  server: { port: 0 },
  pricing: { overrides: { mine: { inputPerMillion: 1, outputPerMillion: 2 } } },
});
const openai: OpenAI = obs.observe(new OpenAI({ apiKey: "simulated", fetch }));
const azure: AzureOpenAI = obs.observe(new AzureOpenAI({ apiKey: "simulated" }));

// @ts-expect-error port is a number
createObservability({ server: { port: "0" } });
// @ts-expect-error there is no such option
createObservability({ sevrer: {} });

const events: Event[] = [];
obs.subscribe((event) => {
  events.push(event);
  if (event.type === "llm_request_completed") {
    const costUsd: number | undefined = event.data.cost?.totalUsd;
    console.log(costUsd, event.data.usage?.inputTokens);
  }
});
const collected = collectEvents(obs);

const text: string | null | undefined = await obs.session("session-1", async () => {
  const messages = [{ role: "user" as const, content: "Say hello." }];
  const completion = await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
  return completion.choices[0]?.message.content;
});

try {
  const { lost } = await obs.shutdown();
  const records: number = Object.values(lost).reduce((sum, times) => sum + times, 0);
  console.log(text, records, azure, collected);
} catch (error) {
  if (isObservabilityError(error)) console.error(error.code);
}
