// An application that serves the REST API. Each line of its input is a session in which an agent works; at the end of the
// input it stops, and says what was lost.
import { createInterface } from "node:readline";
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider } from "@rlm-toolkit/observability/testing";
import OpenAI from "openai";

// the third call of each session fails
const { fetch } = createSimulatedProvider({
  plan: (_request, index) =>
    index % 3 === 2
      ? { kind: "status", status: 400 }
      : { kind: "answer", promptTokens: 1_000, completionTokens: 100 },
});
const obs = createObservability();
const openai = obs.observe(new OpenAI({ apiKey: "simulated", fetch, maxRetries: 0 }));
const messages = [{ role: "user", content: "Hello" }];
const call = () => openai.chat.completions.create({ model: "gpt-4o-mini", messages });

async function work() {
  await call();
  await obs.agent("coder", () => obs.tool("search", call));
  obs.hitl.request({ action: "refund" }).decide("APPROVE", "ann");
  await call().catch(() => {});
}

const { url } = await obs.ready();
console.log(`serves ${url}`);
for await (const id of createInterface({ input: process.stdin })) {
  await obs.session(id, () => obs.withContext({ userId: "user-7" }, () => obs.agent("chef", work)));
  await obs.forceFlush();
  console.log(`worked ${id}`);
}
const { lost } = await obs.shutdown();
console.log(`lost ${JSON.stringify(lost)}`);
