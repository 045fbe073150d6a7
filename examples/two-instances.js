// Two instances of an application that share sessions: each knows what the other's calls have used.
//
//   npm run build && RLM_EVENTS_REDIS=redis://localhost:6379 node examples/two-instances.js
//
// Needs a Redis and the package `ioredis`. The provider is simulated: offline and for free.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider } from "@rlm-toolkit/observability/testing";
import OpenAI from "openai";

const TURNS = { blue: 2, green: 3 };
const [name] = process.argv.slice(2);
if (name) await beInstance();
else await startBoth();

async function startBoth() {
  const instances = Object.keys(TURNS).map((each) => fork(fileURLToPath(import.meta.url), [each]));
  // An instance hears of what happens from its start on, so they begin together.
  await Promise.all(instances.map((instance) => once(instance, "message")));
  for (const instance of instances) instance.send("go");
}

async function beInstance() {
  const obs = createObservability({
    serviceName: name,
    server: { enabled: false },
    log: { destination: "off" },
    events: { redis: process.env.RLM_EVENTS_REDIS ?? "redis://localhost:6379" },
  });
  const plan = () => ({ kind: "answer", promptTokens: 14, completionTokens: 4 });
  const { fetch } = createSimulatedProvider({ plan });
  const openai = obs.observe(new OpenAI({ apiKey: "simulated", fetch }));

  process.send("ready");
  await once(process, "message");
  // A load balancer may send one turn of a conversation here, and the next one there.
  for (let turn = 0; turn < TURNS[name]; turn += 1) {
    await obs.session("session-1", () =>
      openai.chat.completions.create({
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: "Hello" }],
      }),
    );
  }

  const all = TURNS.blue + TURNS.green;
  await until(() => obs.sessionMetrics.get("session-1").total_requests === all, 20_000);
  const { total_requests, total_tokens } = obs.sessionMetrics.get("session-1");
  console.log(`${name}: ${total_requests} requests, ${total_tokens} tokens in session-1`);
  const { lost } = await obs.shutdown();
  console.log(`${name}: lost`, lost);
  process.disconnect();
}

async function until(isTrue, limitMs) {
  for (const end = Date.now() + limitMs; !isTrue() && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
