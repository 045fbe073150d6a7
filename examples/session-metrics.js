// What sessions and users have used: records, questions of one line, and a field of your own.
//
//   npm run build && node examples/session-metrics.js
//
// With OPENAI_API_KEY set it asks the real provider; without, a simulated one: offline and for free.
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider } from "@rlm-toolkit/observability/testing";
import OpenAI from "openai";

const obs = createObservability({
  serviceName: "session-metrics",
  server: { enabled: false },
  log: { destination: "off" },
  sessions: { maxRequests: 10 },
});
const openai = obs.observe(new OpenAI(clientOptions()));

// A field of your own: how often the tool `refund` was asked for in a session.
obs.sessionMetrics.addField("refunds", {
  types: ["tool_execution_requested"],
  initial: 0,
  fold: (count, { data }) => (data.tool === "refund" ? count + 1 : count),
});

await conversation("session-1", "ann", ["Hello", "My order came broken."]);
await conversation("session-2", "bob", ["Summarize this book."], { max_tokens: 4_000 });
await conversation("session-3", "ann", ["Hello"], { model: "no-such-model" });

// One session.
const { total_requests, total_tokens, total_cost_usd, fields, requests } =
  obs.sessionMetrics.get("session-1");
console.log("session-1:", { total_requests, total_tokens, total_cost_usd, fields });
console.log("its requests:", requests.map(({ model, success }) => `${model} ${success}`).join());

// All of them: what they cost, which are slow, which fail, which are large.
const { sessions } = obs.sessionMetrics.list();
const ids = (found) => found.map(({ session_id }) => session_id).join() || "none";
console.log("cost     ", obs.sessionMetrics.get("session-2").total_cost_usd);
console.log("slow     ", ids(sessions.filter((session) => session.average_duration_ms > 5_000)));
console.log("failing  ", ids(sessions.filter((session) => session.error_rate > 0.1)));
console.log(
  "large    ",
  ids(sessions.filter((session) => session.average_tokens_per_request > 2_000)),
);

// Page by page, newest first; sessions that come and go meanwhile make no other one be missed.
for (let page = obs.sessionMetrics.list({ limit: 2 }); ;) {
  console.log("page     ", ids(page.sessions));
  if (page.nextCursor === undefined) break;
  page = obs.sessionMetrics.list({ limit: 2, cursor: page.nextCursor });
}

// Users, and what agents and tools did.
for (const { user_id, total_requests: count } of obs.sessionMetrics.users().users) {
  console.log("user     ", user_id, count);
}
console.log("agent    ", obs.agentContext.current("session-1").agent);
console.log("figures  ", obs.eventMetrics.snapshot().computed.refund_success_rate);

console.log("cleared  ", obs.sessionMetrics.clear("session-1"), obs.sessionMetrics.list().count);

const { lost } = await obs.shutdown();
console.log("lost", lost);

function conversation(id, userId, texts, parameters = {}) {
  return obs.withContext({ sessionId: id, userId }, () =>
    obs.agent("support", async () => {
      for (const content of texts) {
        const messages = [{ role: "user", content }];
        const request = { model: "gpt-4o-mini", messages, ...parameters };
        await openai.chat.completions.create(request).catch(() => {});
        if (content.includes("broken")) obs.tool("refund", () => "Refunded.");
      }
    }),
  );
}

function clientOptions() {
  if (process.env.OPENAI_API_KEY) return {};
  const plan = ({ model, body }) => {
    if (model === "no-such-model") return { kind: "status", status: 404 };
    const completionTokens = body?.max_tokens ?? 20;
    return { kind: "answer", promptTokens: 100, completionTokens, content: "Of course." };
  };
  const provider = createSimulatedProvider({ plan });
  return { apiKey: "simulated", fetch: provider.fetch };
}
