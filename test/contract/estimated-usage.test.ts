import OpenAI from "openai";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  type Behaviour,
  createSimulatedProvider,
  type ListeningHandler,
} from "../../src/testing/index.ts";
import { observedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";

const CONTENT = "This is an answer of some length, in pieces.";
const ANSWER: Behaviour = {
  kind: "answer",
  promptTokens: 100,
  completionTokens: 20,
  content: CONTENT,
};
const STREAM = {
  model: "gpt-4o-mini",
  messages: [{ role: "user" as const, content: "Say something" }],
  stream: true as const,
};
/** `user` and the message are 17 bytes. */
const INPUT = Math.ceil(17 / 4) + 4;

let server: ListeningHandler;
let observed: ReturnType<typeof observedClients>;

beforeEach(async () => {
  const plan = () => ({ ...ANSWER, chunks: 8, chunkDelayMs: 2 });
  server = await createSimulatedProvider({ plan }).listen();
});

afterEach(async () => {
  observed.tracker.shutdown();
  await server.close();
  expect(observed.problems).toEqual([]);
});

function client(options: Parameters<typeof observedClients>[0]): OpenAI {
  observed = observedClients(options);
  const baseURL = `${server.url}/v1`;
  return observed.clients.observe(new OpenAI({ apiKey: "sk-test", baseURL, maxRetries: 0 }));
}

async function end() {
  await poll("an end", () => observed.ended().length === 1);
  return observed.ended()[0]?.data;
}

it("a stream that tells no usage has an estimate, which says so", async () => {
  const stream = await client({ estimateUsage: true }).chat.completions.create(STREAM);
  for await (const chunk of stream) expect(chunk.choices).toHaveLength(1);
  expect(await end()).toMatchObject({
    outcome: "success",
    usage: {
      inputTokens: INPUT,
      outputTokens: Math.ceil(CONTENT.length / 4),
      estimated: "all",
    },
  });
});

it("a stream that is left early has an estimate of what came, also where usage was asked for", async () => {
  const both = { estimateUsage: true, includeUsage: true };
  const stream = await client(both).chat.completions.create(STREAM);
  let text = "";
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    if (text.length > 10) break;
  }
  const data = await end();
  expect(data).toMatchObject({ outcome: "abandoned", usage: { estimated: "all" } });
  const outputTokens = data?.usage?.outputTokens ?? 0;
  expect(outputTokens).toBeGreaterThanOrEqual(Math.ceil(text.length / 4));
  expect(outputTokens).toBeLessThan(Math.ceil(CONTENT.length / 4));
});

it("what the provider told is not estimated", async () => {
  const both = { estimateUsage: true, includeUsage: true };
  const stream = await client(both).chat.completions.create(STREAM);
  for await (const chunk of stream) expect(chunk.choices).toHaveLength(1);
  const data = await end();
  expect(data?.usage).toMatchObject({ inputTokens: 100, outputTokens: 20 });
  expect(data?.usage).not.toHaveProperty("estimated");
});

it("without the option there is no usage, and no guess", async () => {
  const stream = await client({}).chat.completions.create(STREAM);
  for await (const chunk of stream) expect(chunk.choices).toHaveLength(1);
  expect((await end())?.usage).toBeUndefined();
});
