import OpenAI from "openai";
import { expect, it, vi } from "vitest";
import { observedClients } from "../../test/support/observed-clients.ts";
import { createSimulatedProvider } from "../testing/index.ts";

const provider = createSimulatedProvider({
  plan: () => ({ kind: "answer", promptTokens: 10, completionTokens: 5 }),
});
const CHAT = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hi" }] };
const client = () => new OpenAI({ apiKey: "sk-test", fetch: provider.fetch });

it("a client that another live instance observes stays with that one, which is said once", async () => {
  const [first, second] = [observedClients(), observedClients()];
  const openai = second.clients.observe(first.clients.observe(client()));
  second.clients.observe(first.clients.observe(client()));

  await openai.chat.completions.create(CHAT);

  expect(first.ended()).toHaveLength(1);
  expect(second.ended()).toHaveLength(0);
  expect(second.problems).toHaveLength(1);
  expect(second.problems[0]).toContain("another createObservability()");
});

it("a client whose instance has been shut down can be observed anew", async () => {
  const [first, second] = [observedClients(), observedClients()];
  const openai = first.clients.observe(client());
  first.tracker.shutdown();

  await second.clients.observe(openai).chat.completions.create(CHAT);

  expect(first.ended()).toHaveLength(0);
  expect(second.ended()).toHaveLength(1);
  expect(second.problems).toEqual([]);
});

it("a call made with a Request object is read as well, and sent as it is", async () => {
  const observed = observedClients();
  const fetch = observed.fetches.observe(provider.fetch);
  const body = JSON.stringify({ ...CHAT, temperature: 0 });
  const headers = { "content-type": "application/json" };
  const url = "https://api.openai.com/v1/chat/completions";

  const response = await fetch(new Request(url, { method: "POST", headers, body }));
  await response.json();

  expect(provider.requests.at(-1)?.request.body).toEqual(JSON.parse(body));
  expect(observed.ended()[0]?.data).toMatchObject({
    model: "gpt-4o-mini",
    messagesCount: 1,
    parameters: { temperature: 0 },
    outcome: "success",
  });
});

it("a Request object is not copied where nothing is observed any more", async () => {
  const observed = observedClients();
  const fetch = observed.fetches.observe(provider.fetch);
  observed.tracker.shutdown();
  const headers = { "content-type": "application/json" };
  const url = "https://api.openai.com/v1/chat/completions";
  const request = new Request(url, { method: "POST", headers, body: JSON.stringify(CHAT) });
  const clone = vi.spyOn(request, "clone");

  await fetch(request);

  expect(clone).not.toHaveBeenCalled();
  expect(observed.events).toEqual([]);
});

it("what only looks like a format at an unknown host is not counted, sent or not", () => {
  const observed = observedClients();
  const unsent = { method: "POST", body: { note: "no model, no input" }, source: {} };
  const open = (url: string) => observed.fetches.open({ ...unsent, url });

  expect(open("https://app.example/v1/responses")).toBeUndefined();
  expect(open("https://api.openai.com/v1/responses")).toBeDefined();
});
