import Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Fetch, replaceGlobalFetch } from "../../src/clients/index.ts";
import { createSimulatedProvider, type SimulatedProvider } from "../../src/testing/index.ts";
import { observedClients, type ObservedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";

const BASE = "https://api.openai.com/v1";
const messages = [{ role: "user" as const, content: "Hi" }];
const GUARD = { method: "POST", body: JSON.stringify({ model: "guard", messages }) };

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "main",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 5, output_tokens: 2 },
};

let provider: SimulatedProvider;
let observed: ObservedClients;

beforeEach(() => {
  provider = createSimulatedProvider({
    plan: () => ({ kind: "answer", promptTokens: 9, completionTokens: 3 }),
  });
  observed = observedClients();
});

afterEach(() => {
  observed.tracker.shutdown();
  expect(observed.problems).toEqual([]);
});

function models(): (string | undefined)[] {
  return observed.ended().map(({ data }) => data.model);
}

/** As `register` does, with the provider behind. */
function observeGlobalFetch(): void {
  const before = globalThis.fetch;
  onTestFinished(() => replaceGlobalFetch(before));
  replaceGlobalFetch(observed.fetches.observe(provider.fetch));
}

describe.each(["openai-4", "openai-5", "openai", "openai-7"])(
  "within the fetch of %s",
  (version) => {
    let Client: typeof OpenAI;

    beforeEach(async () => {
      Client = ((await import(version)) as { default: typeof OpenAI }).default;
    });

    function client(fetch: Fetch): OpenAI {
      return new Client({ apiKey: "sk-test", baseURL: BASE, fetch });
    }

    async function ask(openai: OpenAI, model: string): Promise<void> {
      await openai.chat.completions.create({ model, messages });
    }

    it("a call by another client is one of its own, whoever observes it", async () => {
      const byFetch = client(observed.fetches.observe(provider.fetch));
      const byClient = observed.clients.observe(client(provider.fetch));
      const guarded = client(async (url, init) => {
        await ask(byFetch, "first guard");
        await ask(byClient, "second guard");
        return provider.fetch(url, init);
      });

      await ask(observed.clients.observe(guarded), "main");

      expect(models()).toEqual(["first guard", "second guard", "main"]);
    });

    it("a call by an observed fetch is one of its own", async () => {
      const fetch = observed.fetches.observe(provider.fetch);
      const guarded = client(async (url, init) => {
        await (await fetch(`${BASE}/chat/completions`, GUARD)).json();
        return provider.fetch(url, init);
      });

      await ask(observed.clients.observe(guarded), "main");

      expect(models()).toEqual(["guard", "main"]);
    });

    it("a call by a client that nobody observes is one of its own under `register`", async () => {
      observeGlobalFetch();
      const bare = client((...args) => globalThis.fetch(...args));
      const guarded = client(async (url, init) => {
        await ask(bare, "guard");
        return globalThis.fetch(url, init);
      });

      await ask(observed.clients.observe(guarded), "main");

      expect(models()).toEqual(["guard", "main"]);
    });

    it("a call that is made after it has answered counts, in a session too", async () => {
      const inner = client(observed.fetches.observe(provider.fetch));
      const guarded = client(async (url, init) => {
        const response = await provider.fetch(url, init);
        setTimeout(() => void ask(inner, "guard"), 1);
        return response;
      });
      const openai = observed.clients.observe(guarded);

      await observed.store.withContext({ sessionId: "s" }, () => ask(openai, "main"));
      await poll("both calls", () => models().length === 2);

      expect(models()).toEqual(["main", "guard"]);
      expect(observed.ended().map(({ data }) => data.context.sessionId)).toEqual(["s", "s"]);
    });

    it.each<[string, (fetch: Fetch) => Fetch]>([
      ["as they are", (fetch) => (url, init) => fetch(url, init)],
      [
        "with another body",
        (fetch) => (url, init) =>
          fetch(url, { ...init, body: JSON.stringify({ model: "rewritten", messages }) }),
      ],
      ["as a Request", (fetch) => (url, init) => fetch(new Request(url, init))],
      [
        "with new objects",
        (fetch) => (url, init) => fetch(url, { method: "POST", body: init?.body as string }),
      ],
    ])("requests that are handed on %s through three layers count once", async (_how, handing) => {
      observeGlobalFetch();
      const second = observedClients();
      const middle = second.fetches.observe(handing((...args) => globalThis.fetch(...args)));
      const openai = observed.clients.observe(client(handing((...args) => middle(...args))));

      await ask(openai, "main");

      expect(models()).toEqual(["main"]);
      expect(second.events).toEqual([]);
    });
  },
);

it("a call within the fetch of a client that the async context tells is no attempt of that one", async () => {
  const fetch = observed.fetches.observe(provider.fetch);
  const anthropic = new Anthropic({
    apiKey: "sk-test",
    fetch: async (url, init) => {
      await (await fetch(`${BASE}/chat/completions`, GUARD)).json();
      expect([url, init?.method]).toEqual(["https://api.anthropic.com/v1/messages", "POST"]);
      return Response.json(MESSAGE);
    },
  });

  const client = observed.clients.observe(anthropic);
  await client.messages.create({ model: "main", max_tokens: 9, messages });

  expect(observed.ended().map(({ data }) => [data.model, data.attempts.length])).toEqual([
    ["guard", 1],
    ["main", 1],
  ]);
});
