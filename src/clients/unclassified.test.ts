import { beforeEach, describe, expect, it } from "vitest";
import { CHAT_REQUEST, CHAT_URL } from "../../test/support/observed-response.ts";
import { CallStore, CallTracker } from "../calls/index.ts";
import { createDiagnostics, type Diagnostics } from "../diagnostics/index.ts";
import { FetchObserver } from "./observe-fetch.ts";
import type { Fetch } from "./observed-mark.ts";

let diagnostics: Diagnostics;
let fetches: FetchObserver;
let published: number;

beforeEach(() => {
  diagnostics = createDiagnostics({ write: () => {} });
  published = 0;
  const store = new CallStore();
  const tracker = new CallTracker({
    publish: () => void (published += 1),
    around: { open: () => ({ run: (fn) => fn(), close: () => {} }) },
    price: () => undefined,
    diagnostics,
    idleLimitMs: 1000,
  });
  fetches = new FetchObserver({ store, tracker, diagnostics });
});

const answering: Fetch = async () => Response.json({ object: "list" });

function counted(): object[] {
  return [...diagnostics.counters.unclassified.values()];
}

describe("a request of no wire format", () => {
  it("to a known provider is counted by provider and API, and opens no operation", async () => {
    const fetch = fetches.observe(answering);
    await fetch("https://api.openai.com/v1/files/file-1");
    await fetch("https://api.openai.com/v1/files", { method: "POST" });
    await fetch("https://generativelanguage.googleapis.com/v1beta/models/g:countTokens", {
      method: "POST",
    });
    expect(counted()).toEqual([
      { provider: "openai", api: "files", count: 2 },
      { provider: "gcp.gemini", api: "count_tokens", count: 1 },
    ]);
    expect(published).toBe(0);
  });

  it("of a client is counted whatever its host, by the name it was given", async () => {
    await fetches.observe(answering, { ofClient: true })("http://127.0.0.1:8080/v1/models");
    const named = fetches.observe(answering, { ofClient: true, provider: "vllm" });
    await named("http://127.0.0.1:8080/v1/models");
    expect(counted()).toEqual([
      { provider: "unknown", api: "models", count: 1 },
      { provider: "vllm", api: "models", count: 1 },
    ]);
  });

  it("to anybody else is none of our business", async () => {
    const fetch = fetches.observe(answering);
    await fetch("https://app.example/v1/files");
    await fetch("https://api.openai.com.evil.example/v1/files");
    expect(counted()).toEqual([]);
  });

  it("is counted once where observed fetches overlap", async () => {
    const inner = fetches.observe(answering);
    const outer = fetches.observe((...args) => inner(...args), { ofClient: true });
    await outer("https://api.openai.com/v1/batches", { method: "POST" });
    expect(counted()).toEqual([{ provider: "openai", api: "batches", count: 1 }]);
  });
});

it("an LLM call is not counted here", async () => {
  await (await fetches.observe(answering)(CHAT_URL, CHAT_REQUEST)).json();
  expect(counted()).toEqual([]);
  expect(published).toBe(2);
});
