// An agent with a tool that a person has to approve, and an answer that is streamed.
//
//   npm run build && node examples/agent.js
//
// With OPENAI_API_KEY set it asks the real provider; without, a simulated one: offline and for free.
import { createObservability } from "@rlm-toolkit/observability";
import { createSimulatedProvider } from "@rlm-toolkit/observability/testing";
import OpenAI from "openai";

const obs = createObservability({
  serviceName: "agent",
  server: { port: 0 },
  log: { destination: "off" },
});
const openai = obs.observe(new OpenAI(clientOptions()));
const model = "gpt-4o-mini";
const tools = [
  {
    type: "function",
    function: { name: "refund", description: "Refunds the latest order.", parameters: {} },
  },
];

// Each event names the one that led to it: agent, answer, tool, approval.
const types = new Map();
obs.subscribe(({ id, type, causationId }) => {
  types.set(id, type);
  if (causationId) console.log(type.padEnd(28), "after", types.get(causationId));
});

await obs.session("session-1", async () => {
  const messages = [{ role: "user", content: "My order came broken." }];
  // The agent ends when its stream was read to the end, long after the function has returned.
  let answer = "";
  for await (const piece of obs.agent("support", () => support(messages))) answer += piece;
  console.log("answer", answer);
});
obs.endSession("session-1");

const { url } = await obs.ready();
const metrics = await (await fetch(`${url}/metrics`)).text();
console.log(metrics.match(/^rlm_tool_executions_total.*success.*$/m)?.[0]);
console.log(metrics.match(/^rlm_hitl_decisions_total.*$/m)?.[0]);

const { lost } = await obs.shutdown();
console.log("lost", lost);

async function* support(messages) {
  const first = await openai.chat.completions.create({ model, messages, tools });
  const { message } = first.choices[0];
  messages.push(message);
  for (const { id, function: call } of message.tool_calls ?? []) {
    const content = await obs.tool({ name: call.name, callId: id, type: "function" }, refund);
    messages.push({ role: "tool", tool_call_id: id, content });
  }
  const second = await openai.chat.completions.create({ model, messages, tools, stream: true });
  for await (const chunk of second) yield chunk.choices[0]?.delta.content ?? "";
}

async function refund() {
  const approval = obs.hitl.request({ action: "refund", tool: "refund" });
  // here a person would be asked, and the application would wait
  await new Promise((resolve) => setTimeout(resolve, 20));
  approval.decide("APPROVE", "ann@example.com");
  return "Refunded.";
}

function clientOptions() {
  if (process.env.OPENAI_API_KEY) return {};
  const answer = {
    kind: "answer",
    promptTokens: 40,
    completionTokens: 8,
    content: "Done, your money is on its way.",
  };
  const provider = createSimulatedProvider({ plan: () => answer });
  return { apiKey: "simulated", fetch: provider.fetch };
}
