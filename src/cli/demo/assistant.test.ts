import OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createObservability } from "../../create-observability.ts";
import type { Observability } from "../../runtime/observability.ts";
import {
  collectEvents,
  createSimulatedProvider,
  type EventCollector,
} from "../../testing/index.ts";
import { createAssistant } from "./assistant.ts";

let obs: Observability;
let collected: EventCollector;

beforeEach(() => {
  obs = createObservability({ server: { enabled: false }, log: { destination: "off" } });
  collected = collectEvents(obs);
});
afterEach(() => obs.shutdown());

/** What the assistant answers when every draw is `drawn`, with no time passing. */
async function ask(content: string, drawn: number): Promise<string> {
  const { fetch } = createSimulatedProvider({
    plan: () => ({ kind: "answer", promptTokens: 1, completionTokens: 1, content: "Bon appétit" }),
  });
  const client = obs.observe(new OpenAI({ apiKey: "sk-test", fetch, maxRetries: 0 }));
  const assistant = createAssistant({
    observability: obs,
    client,
    random: () => drawn,
    sleep: async () => {},
  });
  const messages = [{ role: "user" as const, content }];
  return assistant({ model: "gpt-4o-mini", messages }, new AbortController().signal);
}

const agents = () => collected.ofType("agent_processing_completed").map(({ data }) => data.agent);

test("a question about cooking goes to the chef, who searches recipes", async () => {
  expect(await ask("What should I cook tonight?", 0.5)).toBe("Bon appétit");
  expect(agents()).toEqual(["chef", "concierge"]);
  expect(collected.ofType("agent_switched").map(({ data }) => data.to)).toEqual(["chef"]);
  expect(collected.ofType("retrieval_completed").map(({ data }) => data.dataSource)).toEqual([
    "recipes",
  ]);
});

test.each([
  [0.05, "tool_execution_failed", "APPROVE"],
  [0.5, "tool_execution_completed", "APPROVE"],
  [0.82, "tool_execution_completed", "REJECT"],
  [0.95, "tool_execution_completed", undefined],
] as const)("a draw of %d ends the booking as %s, decided %s", async (drawn, type, decision) => {
  expect(await ask("Plan a weekend in Lisbon.", drawn)).toBe("Bon appétit");
  expect(agents()).toEqual(["travel_planner", "concierge"]);
  expect(collected.ofType(type)).toHaveLength(1);
  const decisions = collected.ofType("hitl_decision_made").map(({ data }) => data.decision);
  expect(decisions).toEqual(decision === undefined ? [] : [decision]);
  expect(collected.ofType("hitl_timeout")).toHaveLength(decision === undefined ? 1 : 0);
});
