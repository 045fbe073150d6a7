import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { AzureOpenAI } from "openai";
import { beforeEach, describe, expect, it } from "vitest";
import { OPENAI_VERSIONS } from "../../test/support/openai-fixture.ts";
import { observedClients, type ObservedClients } from "../../test/support/observed-clients.ts";
import { CHAT_URL, JSON_TEXT, responseOf } from "../../test/support/observed-response.ts";
import { handsObjectsOn } from "./request-links.ts";

const OPTIONS = { apiKey: "sk-test", maxRetries: 1, fetch: async () => responseOf(JSON_TEXT) };
const CHAT = { model: "gpt-4o", messages: [{ role: "user" as const, content: "Hi" }] };

describe("what an SDK's client hands on", () => {
  it.each(OPENAI_VERSIONS)("is the same objects in %s", async (version) => {
    const { default: Client } = (await import(version)) as { default: typeof OpenAI };
    expect(handsObjectsOn(new Client(OPTIONS))).toBe(true);
  });

  it("is the same objects in a client of Azure", () => {
    const azure = { apiVersion: "1", endpoint: "https://example.openai.azure.com" };
    expect(handsObjectsOn(new AzureOpenAI({ ...OPTIONS, ...azure }))).toBe(true);
  });

  it("may be others in a client whose SDK or application prepares requests", () => {
    class Signing extends OpenAI {
      protected override async prepareRequest(request: { headers?: unknown }): Promise<void> {
        request.headers = new Headers({ authorization: "signed" });
      }
    }
    class Sending extends OpenAI {
      override async fetchWithTimeout(
        ...[url, init, ms, controller]: Parameters<OpenAI["fetchWithTimeout"]>
      ): Promise<Response> {
        return super.fetchWithTimeout(url, { ...init, headers: {} }, ms, controller);
      }
    }
    const clients = [new Signing(OPTIONS), new Sending(OPTIONS), new Anthropic(OPTIONS)];
    expect(clients.map(handsObjectsOn)).toEqual([false, false, false]);
  });

  it("may be others where a refused token is asked for anew", () => {
    const client = new OpenAI(OPTIONS);
    expect(handsObjectsOn(Object.assign(client, { _workloadIdentityAuth: {} }))).toBe(false);
  });
});

/** Looks like a client of `openai`, and sends its HTTP calls with headers of its own. */
class Unlike {
  readonly fetch = async () => this.answers.shift() ?? responseOf(JSON_TEXT);
  readonly answers: Response[] = [];

  async makeRequest(given: unknown, retriesLeft: number | null): Promise<Response> {
    await given;
    await this.prepareRequest();
    const send: typeof globalThis.fetch = this.fetch;
    const body = JSON.stringify(CHAT);
    const response = await send(CHAT_URL, { method: "POST", body, headers: {} });
    if (response.ok) return response;
    if (retriesLeft === null) return this.retryRequest(given);
    throw new Error("refused");
  }
  async retryRequest(given: unknown): Promise<Response> {
    return this.makeRequest(given, 0);
  }
  async fetchWithTimeout(): Promise<void> {}
  async prepareRequest() {}
}

describe("a client that turns out to hand other objects on", () => {
  const refused = () => responseOf("{}", "application/json", 500);
  const options = { method: "post", path: "/chat/completions", body: CHAT };
  let observed: ObservedClients;
  let client: Unlike;
  beforeEach(() => {
    observed = observedClients();
    client = observed.clients.observe(new Unlike());
  });
  const outcomes = () => observed.ended().map(({ data }) => [data.outcome, data.attempts.length]);

  it("has its first request counted once, when it succeeds", async () => {
    expect(handsObjectsOn(new Unlike())).toBe(true);
    await (await client.makeRequest(options, null)).json();
    expect(outcomes()).toEqual([["success", 1]]);
  });

  it("has attempts grouped by the async context from then on", async () => {
    await (await client.makeRequest(options, null)).json();
    client.answers.push(refused());
    await (await client.makeRequest(options, null)).json();
    expect(outcomes()).toEqual([
      ["success", 1],
      ["success", 2],
    ]);
  });
});

describe("two requests at a time with the same options", () => {
  it("are two", async () => {
    const { clients, ended } = observedClients();
    const client = clients.observe(new OpenAI(OPTIONS));
    const options = { method: "post" as const, path: "/chat/completions", body: CHAT };
    await Promise.all([client.request(options), client.request(options)]);
    expect(ended().map(({ data }) => data.outcome)).toEqual(["success", "success"]);
  });
});
