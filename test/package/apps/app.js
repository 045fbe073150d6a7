// An application as ES module: two lines observe its client.
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider, scriptedPlan } from "@rlm-toolkit/observability/testing";
import OpenAI from "openai";

const answer = { kind: "answer", promptTokens: 14, completionTokens: 4, content: "Hello!" };
const { fetch: simulated } = createSimulatedProvider({ plan: scriptedPlan([answer]) });

const obs = createObservability();
const openai = obs.observe(new OpenAI({ apiKey: "simulated", fetch: simulated }));

const messages = [{ role: "user", content: "Say hello." }];
const completion = await openai.chat.completions.create({ model: "gpt-4o-mini", messages });

const { url } = await obs.ready();
const metrics = await (await fetch(`${url}/metrics`)).text();
const { title } = obs.generateGrafanaDashboard({ title: "Mine" });
const { lost } = await obs.shutdown();

console.log(
  JSON.stringify({
    answer: completion.choices[0].message.content,
    metrics: metrics
      .split("\n")
      .filter((line) => /^rlm_(requests|cost_usd)_total.+ (?!0$)/.test(line)),
    title,
    lost,
  }),
);
