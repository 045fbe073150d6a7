import Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fetch } from "../../src/clients/index.ts";
import {
  type Behaviour,
  createSimulatedProvider,
  type SimulatedProvider,
} from "../../src/testing/index.ts";
import { observedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";

const ANSWER: Behaviour = { kind: "answer", promptTokens: 9, completionTokens: 3 };
const CHAT = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hi" }] };

function refused(status: number): Behaviour {
  return { kind: "status", status, code: "try_later", retryAfterMs: 1 };
}

/** As under an observed global `fetch`: nothing is known of the client. */
describe.each(["openai-4", "openai-5", "openai", "openai-7"])(
  "retries of %s over an observed fetch",
  (version) => {
    let behaviours: Behaviour[];
    let provider: SimulatedProvider;
    let observed: ReturnType<typeof observedClients>;
    let Client: typeof OpenAI;

    beforeEach(async () => {
      provider = createSimulatedProvider({
        plan: (_request, index) => behaviours[Math.min(index, behaviours.length - 1)] ?? ANSWER,
      });
      observed = observedClients();
      Client = ((await import(version)) as { default: typeof OpenAI }).default;
    });

    afterEach(() => {
      observed.tracker.shutdown();
      expect(observed.problems).toEqual([]);
    });

    function client(maxRetries: number, fetch: Fetch = provider.fetch): OpenAI {
      return new Client({
        apiKey: "sk-test",
        baseURL: "https://api.openai.com/v1",
        maxRetries,
        fetch: observed.fetches.observe(fetch),
      });
    }

    async function ends(count: number) {
      await poll(`${count} ends`, () => observed.ended().length >= count);
      expect(observed.tracker.openCount).toBe(0);
      return observed.ended().map(({ data }) => data);
    }

    it("are attempts of one operation", async () => {
      behaviours = [refused(429), refused(503), ANSWER];
      await client(2).chat.completions.create(CHAT);
      const [data, ...others] = await ends(1);
      expect(others).toEqual([]);
      expect(data).toMatchObject({ outcome: "success", usage: { inputTokens: 9 } });
      expect(data?.attempts.map(({ result }) => result)).toEqual(["429", "503", "ok"]);
      expect(data?.backoffMs).toBeGreaterThan(0);
    });

    it("are attempts of one operation, too, where a custom fetch makes a Request of each", async () => {
      behaviours = [refused(429), refused(503), ANSWER];
      const fetch = observed.fetches.observe(provider.fetch);
      const openai = new Client({
        apiKey: "sk-test",
        fetch: (...args: Parameters<Fetch>) => fetch(new Request(...args)),
      });
      await openai.chat.completions.create(CHAT);
      const all = await ends(1);
      expect(all.map(({ attempts }) => attempts.map(({ result }) => result))).toEqual([
        ["429", "503", "ok"],
      ]);
    });

    it("end at once when the SDK gives up, with the provider's code", async () => {
      behaviours = [refused(429)];
      await expect(client(1).chat.completions.create(CHAT)).rejects.toThrow();
      expect(observed.ended()).toHaveLength(1);
      const [data] = await ends(1);
      expect(data).toMatchObject({ outcome: "error", errorType: "try_later", httpStatus: 429 });
      expect(data?.attempts).toHaveLength(2);
    });

    it("after a connection that failed are attempts of the same operation, too", async () => {
      behaviours = [ANSWER];
      let calls = 0;
      const flaky: Fetch = (...args) => {
        calls += 1;
        if (calls > 1) return provider.fetch(...args);
        return Promise.reject(Object.assign(new TypeError("fetch failed"), { code: "ECONNRESET" }));
      };
      await client(1, flaky).chat.completions.create(CHAT);
      const [data, ...others] = await ends(1);
      expect(others).toEqual([]);
      expect(data?.outcome).toBe("success");
      expect(data?.attempts.map(({ result }) => result)).toEqual(["ECONNRESET", "ok"]);
    });

    it("of equal requests at a time go each to one of them", async () => {
      behaviours = [refused(429), refused(429), refused(429), ANSWER];
      const openai = client(1);
      await Promise.all([1, 2, 3].map(() => openai.chat.completions.create(CHAT)));
      const all = await ends(3);
      expect(all.map(({ attempts }) => attempts.length)).toEqual([2, 2, 2]);
      expect(all.every(({ outcome }) => outcome === "success")).toBe(true);
    });

    it("by the application itself are operations of their own", async () => {
      behaviours = [refused(429), ANSWER];
      const openai = client(0);
      await expect(openai.chat.completions.create(CHAT)).rejects.toThrow();
      await openai.chat.completions.create(CHAT);
      const all = await ends(2);
      expect(all.map(({ outcome }) => outcome)).toEqual(["error", "success"]);
    });
  },
);

it("retries of Anthropic's SDK over an observed fetch are attempts of one operation", async () => {
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-opus-4-6",
    content: [{ type: "text", text: "Hi" }],
    stop_reason: "end_turn",
    usage: { input_tokens: 9, output_tokens: 3 },
  };
  const overloaded = { type: "error", error: { type: "overloaded_error", message: "secret" } };
  const headers = { "retry-after-ms": "1" };
  const answers = [Response.json(overloaded, { status: 529, headers }), Response.json(message)];
  const observed = observedClients();
  const client = new Anthropic({
    apiKey: "sk-ant-test",
    fetch: observed.fetches.observe(async () => answers.shift() ?? Response.error()),
  });
  await client.messages.create({ model: "claude-opus-4-6", max_tokens: 10, messages: [] });
  expect(observed.ended().map(({ data }) => data)).toMatchObject([
    { outcome: "success", attempts: [{ result: "529" }, { result: "ok" }] },
  ]);
});
