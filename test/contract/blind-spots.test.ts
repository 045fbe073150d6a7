import { Agent } from "node:http";
import OpenAI from "openai";
import OpenAI4 from "openai-4";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createObservability, type Observability } from "../../src/index.ts";
import { createSimulatedProvider, type ListeningHandler } from "../../src/testing/index.ts";
import { dispatcherTo, lookupLoopback } from "../support/loopback-lookup.ts";

const CHAT = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hi" }] };

let server: ListeningHandler;
let obs: Observability;
let stderr: string;

beforeEach(async () => {
  stderr = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  server = await createSimulatedProvider({
    plan: () => ({ kind: "answer", promptTokens: 9, completionTokens: 3 }),
  }).listen();
  obs = createObservability({ server: { enabled: false }, log: { destination: "off" } });
});
afterEach(async () => {
  await obs.shutdown();
  await server.close();
  vi.restoreAllMocks();
});

/** Through `fetch`, to a URL that names the provider. */
async function client(): Promise<OpenAI> {
  const dispatcher = await dispatcherTo(server.url);
  // undici's own option, which the SDK's type takes from another copy of undici
  const fetchOptions = { dispatcher } as NonNullable<
    ConstructorParameters<typeof OpenAI>[0]
  >["fetchOptions"];
  return new OpenAI({ apiKey: "sk-test", baseURL: baseUrl(), maxRetries: 0, fetchOptions });
}

/** Through `node:http`, as the SDK did up to its version 4. */
function olderClient(): OpenAI4 {
  const httpAgent = new Agent({ lookup: lookupLoopback });
  return new OpenAI4({ apiKey: "sk-test", baseURL: baseUrl(), maxRetries: 0, httpAgent });
}

function baseUrl(): string {
  return `http://api.openai.com:${server.port}/v1`;
}

async function shown(name: string): Promise<string[]> {
  const page = await (await obs.handler(new Request("http://localhost/metrics"))).text();
  return page.split("\n").filter((line) => line.startsWith(`${name}{`) && !line.endsWith(" 0"));
}

test("a call of an observed client is no blind spot, whatever it asks for", async () => {
  const openai = obs.observe(await client());
  await openai.chat.completions.create(CHAT);
  await openai.models.list();
  await obs.observe(olderClient()).chat.completions.create(CHAT);
  expect(await shown("rlm_requests_total")).toEqual([expect.stringMatching(/ 2$/)]);
  expect(await shown("rlm_uninstrumented_requests_total")).toEqual([]);
  expect(stderr).toBe("");
});

test("calls of clients that nobody observes are, in one warning", async () => {
  const [openai, older] = [await client(), olderClient()];
  await openai.chat.completions.create(CHAT);
  await older.chat.completions.create(CHAT);
  expect(await shown("rlm_requests_total")).toEqual([]);
  expect(await shown("rlm_uninstrumented_requests_total")).toEqual([
    'rlm_uninstrumented_requests_total{provider="openai"} 2',
  ]);
  expect(stderr).toMatch(/^\[rlm-obs\] blind-spots: [^\n]+\n$/);
});

test("nothing is watched after shutdown", async () => {
  await obs.shutdown();
  await (await client()).chat.completions.create(CHAT);
  expect(stderr).toBe("");
});
