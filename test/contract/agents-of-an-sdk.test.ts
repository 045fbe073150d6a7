import OpenAI from "openai";
import { beforeEach, describe, expect, it } from "vitest";
import { ActivityTracker, describeAgent } from "../../src/activities/index.ts";
import { createSimulatedProvider } from "../../src/testing/index.ts";
import { observedClients, type ObservedClients } from "../support/observed-clients.ts";

const CHAT = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hi" }] };
const STREAM = { ...CHAT, stream: true as const };

let observed: ObservedClients;
let tracker: ActivityTracker;
let openai: OpenAI;

beforeEach(() => {
  observed = observedClients();
  const { store, bus, diagnostics } = observed;
  const around = { open: () => ({ run: <T>(fn: () => T) => fn(), close: () => {} }) };
  tracker = new ActivityTracker({ store, publish: bus.publish, around, diagnostics });
  const { fetch } = createSimulatedProvider({
    plan: ({ model }) =>
      model === "none"
        ? { kind: "status", status: 400 }
        : { kind: "answer", promptTokens: 1, completionTokens: 6, content: "One two three" },
  });
  openai = observed.clients.observe(new OpenAI({ apiKey: "sk-test", fetch, maxRetries: 0 }));
});

const agent = <T>(fn: () => T): T => tracker.run((around) => describeAgent("a", around), fn);
/** What was published after the agent and its call had started. */
const types = () => observed.events.slice(2).map(({ type }) => type);

describe("an agent that returns what the SDK gave it", () => {
  it("hands on the SDK's own promise, which is awaited as ever", async () => {
    const promise = agent(() => openai.chat.completions.create(CHAT));
    expect(promise).toHaveProperty("withResponse");
    const answer = await promise;
    expect(answer.choices[0]?.message.content).toBe("One two three");
    expect(types()).toEqual(["llm_request_completed", "agent_processing_completed"]);
  });

  it("ends with the data of withResponse(), and with the response of asResponse()", async () => {
    const { data, response } = await agent(() =>
      openai.chat.completions.create(CHAT),
    ).withResponse();
    expect([data.choices.length, response.status]).toEqual([1, 200]);
    expect(types()).toEqual(["llm_request_completed", "agent_processing_completed"]);
    const raw = await agent(() => openai.chat.completions.create(CHAT)).asResponse();
    expect(raw.bodyUsed).toBe(false);
    expect(types().at(-1)).toBe("agent_processing_completed");
    await raw.text();
    expect(types().at(-1)).toBe("llm_request_completed");
  });

  it("ends with the error of the SDK, which is the very one", async () => {
    const error: unknown = await agent(() =>
      openai.chat.completions.create({ ...CHAT, model: "none" }),
    ).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(types()).toEqual(["llm_request_failed", "agent_error"]);
    let wasLast = false;
    await agent(() => openai.chat.completions.create(CHAT)).finally(() => (wasLast = true));
    expect([wasLast, types().at(-1)]).toEqual([true, "agent_processing_completed"]);
  });

  it("ends with the SDK's stream, after the call in it", async () => {
    const stream = await agent(() => openai.chat.completions.create(STREAM));
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("One two three");
    expect(types()).toEqual(["llm_request_completed", "agent_processing_completed"]);
  });

  it("has both abandoned when the stream is left early", async () => {
    for await (const _chunk of await agent(() => openai.chat.completions.create(STREAM))) break;
    expect(types()).toEqual(["llm_request_failed", "agent_error"]);
    expect(observed.events.slice(2).map(({ data }) => data)).toMatchObject([
      { outcome: "abandoned" },
      { outcome: "abandoned", errorType: "left_early", llmCalls: 1 },
    ]);
  });

  it("ends with the branches that its stream was split into, which keeps its keys", async () => {
    const bare = await openai.chat.completions.create(STREAM);
    for await (const _chunk of bare);
    observed.events.length = 0;
    const stream = await agent(() => openai.chat.completions.create(STREAM));
    expect(Object.keys(stream)).toEqual(Object.keys(bare));
    const texts = stream.tee().map(async (branch) => {
      let text = "";
      for await (const chunk of branch) text += chunk.choices[0]?.delta.content ?? "";
      return text;
    });
    expect(await Promise.all(texts)).toEqual(["One two three", "One two three"]);
    expect(types()).toEqual(["llm_request_completed", "agent_processing_completed"]);
  });

  it("ends with the one branch that is read", async () => {
    const stream = await agent(() => openai.chat.completions.create(STREAM));
    const [, branch] = stream.tee();
    for await (const _chunk of branch);
    expect(types()).toEqual(["llm_request_completed", "agent_processing_completed"]);
  });

  it("ends with the stream that its own was turned into", async () => {
    const stream = await agent(() => openai.chat.completions.create(STREAM));
    const lines = await new Response(stream.toReadableStream()).text();
    expect(lines).toContain("three");
    expect(types()).toEqual(["llm_request_completed", "agent_processing_completed"]);
  });
});

describe("an agent that returns a helper of the SDK", () => {
  it("ends with its stream, read by nobody but the helper itself", async () => {
    const helper = agent(() => openai.chat.completions.stream(CHAT));
    await expect(helper.finalContent()).resolves.toBe("One two three");
    await helper.done();
    expect(types()).toEqual(["llm_request_completed", "agent_processing_completed"]);
  });

  it("ends with the last call of runTools(), and counts it", async () => {
    const runner = agent(() => openai.chat.completions.runTools({ ...CHAT, tools: [] }));
    await expect(runner.finalContent()).resolves.toBe("One two three");
    await runner.done();
    expect(types()).toEqual(["llm_request_completed", "agent_processing_completed"]);
    expect(observed.events.at(-1)?.data).toMatchObject({ llmCalls: 1 });
  });

  it("fails and is aborted with it", async () => {
    const refused = agent(() => openai.chat.completions.stream({ ...CHAT, model: "none" }));
    await expect(refused.done()).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    expect(types()).toEqual(["llm_request_failed", "agent_error"]);
    const aborted = agent(() => openai.chat.completions.stream(CHAT));
    aborted.abort();
    await expect(aborted.done()).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    expect(observed.events.at(-1)).toMatchObject({
      type: "agent_error",
      data: { outcome: "aborted" },
    });
  });
});
