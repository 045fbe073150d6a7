// Events that outlive the process: kept in a folder, read again, added up again.
//
//   npm install @electric-sql/pglite
//   npm run build && node examples/event-store.js
//
// RLM_EVENTS_STORE=postgres://user:password@host/database keeps them in PostgreSQL instead (npm install pg).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider } from "@rlm-toolkit/observability/testing";
import OpenAI from "openai";

const folder = mkdtempSync(join(tmpdir(), "events-"));
const options = {
  serviceName: "event-store",
  server: { enabled: false },
  log: { destination: "off" },
  events: { store: process.env.RLM_EVENTS_STORE ?? join(folder, "events") },
  // the first time, a folder takes some seconds
  shutdownTimeoutMs: 60_000,
};

// A first run: two calls in a session, and that's it.
const first = createObservability(options);
const answer = { kind: "answer", promptTokens: 14, completionTokens: 4, content: "Hello!" };
const provider = createSimulatedProvider({ plan: () => answer });
const openai = first.observe(new OpenAI({ apiKey: "simulated", fetch: provider.fetch }));
await first.session("session-1", async () => {
  for (const content of ["Hello", "And now?"]) {
    await openai.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content }],
    });
  }
});
const { lost } = await first.shutdown();
console.log("lost", lost);

// A later one finds them.
const second = createObservability(options);
for await (const { position, event } of second.eventStore.read({ sessionId: "session-1" })) {
  console.log(position, event.type);
}
let tokens = 0;
const report = await second.eventStore.replay({ types: ["llm_request_completed"] }, (event) => {
  tokens += event.data.usage.inputTokens + event.data.usage.outputTokens;
});
console.log("replayed", report.replayed, "with", tokens, "tokens");
await second.shutdown();
rmSync(folder, { recursive: true });
