import OpenAI from "openai";
import { beforeEach, describe, expect, it } from "vitest";
import { observedClients, type ObservedClients } from "../../test/support/observed-clients.ts";
import {
  CHAT_REQUEST,
  CHAT_URL,
  JSON_TEXT,
  responseOf,
  sourceOf,
  USAGE,
} from "../../test/support/observed-response.ts";
import type { Fetch } from "./observed-mark.ts";

const CHAT = { model: "gpt-4o", messages: [{ role: "user" as const, content: "Hi" }] };

let observed: ObservedClients;
beforeEach(() => {
  observed = observedClients();
});

const answering: Fetch = async () => responseOf(JSON_TEXT);

it("works through a proxy, which has none of the client's private fields", async () => {
  const client = new OpenAI({ apiKey: "sk-test", maxRetries: 0, fetch: answering });
  const proxy = observed.clients.observe(new Proxy(client, {}));
  const { id } = await proxy.chat.completions.create(CHAT);
  expect(id).toBe("chatcmpl-1");
  await proxy.withOptions({ timeout: 1_000 }).chat.completions.create(CHAT);
  expect(observed.ended().map(({ data }) => data.outcome)).toEqual(["success", "success"]);
});

describe("what has no fetch that can be replaced", () => {
  it.each<[string, unknown, string]>([
    ["null", null, "null"],
    ["undefined", undefined, "undefined"],
    ["a string", "client", "string"],
    ["an object without fetch", {}, "Object"],
    ["an object without prototype", Object.create(null), "an object"],
    ["a fetch that is no function", { fetch: "https://…" }, "Object"],
    ["a frozen client", Object.freeze({ fetch: answering }), "Object"],
    ["a class instance", new Map(), "Map"],
  ])("is refused with what to do: %s", (_what, client, name) => {
    const refusal = (): unknown => observed.clients.observe(client as object);
    expect(refusal).toThrow(`observe() got ${name}, which has no`);
    expect(refusal).toThrow(expect.objectContaining({ code: "CLIENT_NOT_OBSERVABLE" }) as Error);
  });

  it("is left alone by unobserve()", () => {
    const client = { fetch: answering };
    expect(observed.clients.unobserve(client)).toBe(client);
    expect(client.fetch).toBe(answering);
  });
});

describe("a client without makeRequest", () => {
  it("is observed one HTTP call at a time", async () => {
    const client = observed.clients.observe({ fetch: answering });
    for (const _call of [1, 2]) await (await client.fetch(CHAT_URL, CHAT_REQUEST)).json();
    expect(observed.ended().map(({ data }) => data.usage)).toEqual([USAGE, USAGE]);
  });

  it("may have its fetch on its class", async () => {
    class Client {
      fetch(url: string, init: RequestInit): Promise<Response> {
        return this.send(url, init);
      }
      async send(_url: string, _init: RequestInit): Promise<Response> {
        return responseOf(JSON_TEXT);
      }
    }
    const client = observed.clients.observe(new Client());
    await (await client.fetch(CHAT_URL, CHAT_REQUEST)).json();
    expect(observed.ended()).toHaveLength(1);
    expect(Object.keys(client)).toEqual([]);
    observed.clients.unobserve(client);
    expect(Object.hasOwn(client, "fetch")).toBe(false);
  });
});

describe("a client with a makeRequest of another kind", () => {
  it("gets back what that returns, at once", () => {
    const client = observed.clients.observe({ fetch: answering, makeRequest: () => 7 });
    expect(client.makeRequest()).toBe(7);
  });

  it("gets what that throws", () => {
    const error = new Error("mine");
    const makeRequest = (): never => {
      throw error;
    };
    const client = observed.clients.observe({ fetch: answering, makeRequest });
    expect(() => client.makeRequest()).toThrow(error);
  });
});

describe("an openai client", () => {
  function client(options: object = {}): OpenAI {
    return new OpenAI({ apiKey: "sk-test", fetch: answering, maxRetries: 0, ...options });
  }

  it("is bare again after unobserve(), to the last property", () => {
    const subject = client();
    const before = Object.getOwnPropertyDescriptors(subject);
    observed.clients.unobserve(observed.clients.observe(subject));
    expect(Object.getOwnPropertyDescriptors(subject)).toEqual(before);
  });

  it("has its keys in their order after unobserve()", () => {
    const keys = Object.keys(new OpenAI({ apiKey: "sk-test", fetch: answering }));
    const subject = new OpenAI({ apiKey: "sk-test", fetch: answering });
    observed.clients.unobserve(observed.clients.observe(subject));
    expect(Object.keys(subject)).toEqual(keys);
  });

  it("is observed again after unobserve() and observe()", async () => {
    const subject = client();
    for (const _round of [1, 2]) observed.clients.unobserve(observed.clients.observe(subject));
    await observed.clients.observe(subject).chat.completions.create(CHAT);
    expect(observed.ended()).toHaveLength(1);
  });

  it("has copies that are observed, and that can be taken back alone", async () => {
    const subject = observed.clients.observe(client());
    const copy = subject.withOptions({ timeout: 1_000 });
    await copy.chat.completions.create(CHAT);
    expect(observed.ended()).toHaveLength(1);
    await observed.clients.unobserve(copy).chat.completions.create(CHAT);
    expect(observed.ended()).toHaveLength(1);
    await subject.chat.completions.create(CHAT);
    expect(observed.ended()).toHaveLength(2);
  });

  it("takes the provider that it is told, also for its copies", async () => {
    const subject = observed.clients.observe(client(), { provider: "acme" });
    await subject.chat.completions.create(CHAT);
    await subject.withOptions({}).chat.completions.create(CHAT);
    expect(observed.ended().map(({ data }) => data.provider)).toEqual(["acme", "acme"]);
  });

  it("keeps parallel requests and their retries apart", async () => {
    const failures = new Map<string, number>();
    const fetch: Fetch = async (_url, init) => {
      const { model } = JSON.parse(init?.body as string) as { model: string };
      const count = (failures.get(model) ?? 0) + 1;
      failures.set(model, count);
      if (count <= Number(model)) {
        return new Response("{}", { status: 500, headers: { "retry-after-ms": "1" } });
      }
      return responseOf(sourceOf(JSON_TEXT).body);
    };
    const subject = observed.clients.observe(client({ fetch, maxRetries: 3 }));
    const models = ["0", "1", "2", "3"];
    await Promise.all(models.map((model) => subject.chat.completions.create({ ...CHAT, model })));
    const attempts = observed.ended().map(({ data }) => [data.model, data.attempts.length]);
    expect(new Map(attempts as [string, number][])).toEqual(
      new Map(models.map((model) => [model, Number(model) + 1])),
    );
    expect(observed.ended()).toHaveLength(4);
  });

  it("is counted once, by who observes it, under a global fetch that is observed too", async () => {
    const outer = observedClients();
    const native = globalThis.fetch;
    globalThis.fetch = outer.fetches.observe(async () => responseOf(sourceOf(JSON_TEXT).body));
    try {
      const options = { apiKey: "sk-test", baseURL: "http://127.0.0.1:9/v1" };
      const bare = new OpenAI(options);
      const observedOne = observed.clients.observe(new OpenAI(options));
      const around = observed.clients.observe(
        new OpenAI({ ...options, fetch: (url, init) => globalThis.fetch(url, init) }),
      );
      await observedOne.chat.completions.create(CHAT);
      await around.chat.completions.create(CHAT);
      expect([observed.ended().length, outer.ended().length]).toEqual([2, 0]);
      await bare.chat.completions.create(CHAT);
      await observed.clients.unobserve(observedOne).chat.completions.create(CHAT);
      expect([observed.ended().length, outer.ended().length]).toEqual([2, 2]);
    } finally {
      globalThis.fetch = native;
    }
  });

  it("runs its calls in the caller's context", async () => {
    const subject = observed.clients.observe(client());
    await observed.store.withContext({ sessionId: "s", userId: "u" }, () =>
      subject.chat.completions.create(CHAT),
    );
    expect(observed.ended()[0]).toMatchObject({
      sessionId: "s",
      data: { context: { sessionId: "s", userId: "u" } },
    });
  });
});
