// Your own subscribers: by type and category, in order, one event at a time, and a middleware before all of them.
//
//   npm run build && node examples/subscribe.js
//
// With OPENAI_API_KEY set it asks the real provider; without, a simulated one: offline and for free.
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider } from "@rlm-toolkit/observability/testing";
import OpenAI from "openai";

const obs = createObservability({
  serviceName: "subscribe",
  server: { enabled: false },
  log: { destination: "off" },
});
const openai = obs.observe(new OpenAI(clientOptions()));

// Before anything else sees an event: what belongs to a health check is dropped, the rest says where it comes from.
obs.use(
  (event) => {
    if (event.sessionId === "health-check") return undefined;
    if (event.type !== "llm_request_completed") return event;
    const metadata = { ...event.data.context.metadata, region: "eu-1" };
    return { ...event, data: { ...event.data, context: { ...event.data.context, metadata } } };
  },
  { name: "region" },
);

// By type: called at once, while the call goes on.
obs.subscribe(
  ({ sessionId, data }) => console.log("call", sessionId, data.context.metadata.region),
  { types: ["llm_request_completed"], name: "calls" },
);

// By category, with a handler that takes its time: one event at a time, in order, and never more than 500 wait.
obs.subscribe(
  async ({ type, sessionId }) => {
    await store(type);
    console.log("stored", type, sessionId);
  },
  { categories: ["session"], name: "store", queue: { maxSize: 500, overflow: "drop-oldest" } },
);

// For one event, or until a signal aborts.
obs.subscribe(({ type }) => console.log("first", type), { once: true });
const controller = new AbortController();
obs.subscribe(() => console.log("until the abort"), {
  types: ["session_started"],
  signal: controller.signal,
});

// What it throws is counted and reported once, and reaches nobody: not the call, not the others.
obs.subscribe(
  () => {
    throw new TypeError("a bug of mine");
  },
  { types: ["session_ended"], name: "broken" },
);

await ask("session-1");
controller.abort();
await ask("health-check");
obs.endSession("session-1");

// Waits for the handlers, too.
await obs.forceFlush();
for (const { name, handled, failed, dropped, lastError } of obs.getEventStatistics().handlers) {
  if (["calls", "store", "broken"].includes(name)) {
    console.log(name, { handled, failed, dropped, lastError });
  }
}
console.log("filtered", obs.getEventStatistics().filteredByType.get("llm_request_completed"));

const { lost } = await obs.shutdown();
console.log("lost", lost);

async function ask(session) {
  const messages = [{ role: "user", content: "Hello" }];
  await obs.session(session, () =>
    openai.chat.completions.create({ model: "gpt-4o-mini", messages }),
  );
}

async function store() {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

function clientOptions() {
  if (process.env.OPENAI_API_KEY) return {};
  const answer = { kind: "answer", promptTokens: 14, completionTokens: 4 };
  const { fetch } = createSimulatedProvider({ plan: () => answer });
  return { apiKey: "simulated", fetch };
}
