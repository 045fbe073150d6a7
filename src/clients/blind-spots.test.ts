import { once } from "node:events";
import { get } from "node:http";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startHttpServer, type TestServer } from "../../test/support/http-server.ts";
import { dispatcherTo, lookupLoopback } from "../../test/support/loopback-lookup.ts";
import { CallStore } from "../calls/index.ts";
import { createDiagnostics } from "../diagnostics/index.ts";
import { watchBlindSpots } from "./blind-spots.ts";

let server: TestServer;
let problems: string[];
let store: CallStore;
let counts: ReadonlyMap<string, number>;
let stop: () => void;

beforeEach(async () => {
  server = await startHttpServer((_request, response) => response.end("ok"));
  problems = [];
  store = new CallStore();
  const diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  counts = diagnostics.counters.uninstrumented;
  stop = watchBlindSpots({ store, diagnostics });
});
afterEach(async () => {
  stop();
  await server.close();
});

async function viaFetch(host: string): Promise<void> {
  const dispatcher = await dispatcherTo(server.url);
  // undici's own option, which the type of the global `fetch` leaves out
  const init = { dispatcher } as RequestInit;
  await (await fetch(`http://${host}:${server.port}/v1/x`, init)).text();
}

async function viaHttp(host: string): Promise<void> {
  const url = `http://${host}:${server.port}/v1/x`;
  const [response] = (await once(get(url, { lookup: lookupLoopback }), "response")) as [Readable];
  await text(response);
}

const WAYS: [string, (host: string) => Promise<void>][] = [
  ["fetch", viaFetch],
  ["node:http", viaHttp],
];

it.each(WAYS)(
  "counts what %s sends to a provider, and says once what to do",
  async (_name, send) => {
    await send("api.openai.com");
    await send("api.openai.com");
    await send("my-team.openai.azure.com");
    expect(Object.fromEntries(counts)).toEqual({ openai: 2, "azure.ai.openai": 1 });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^\[rlm-obs\] blind-spots: a request to api\.openai\.com .+observe\(client\).+obs\.fetch.+--import/,
    );
  },
);

it.each(WAYS)("leaves alone what %s sends elsewhere, look-alikes included", async (_name, send) => {
  for (const host of ["example.com", "localhost", "127.0.0.1", "api.openai.com.evil.example"]) {
    await send(host);
  }
  expect([[...counts], problems]).toEqual([[], []]);
  expect(server.bodies.length).toBeGreaterThanOrEqual(4);
});

it.each(WAYS)("leaves alone what %s sends inside an observed call", async (_name, send) => {
  await Promise.all([
    store.withObserving({ sent: ["https://api.openai.com"] }, () => send("api.openai.com")),
    store.withPassing(() => send("api.anthropic.com")),
    send("api.mistral.ai"),
  ]);
  expect([...counts]).toEqual([["mistral_ai", 1]]);
});

it("sees nothing once it was stopped", async () => {
  stop();
  await viaFetch("api.openai.com");
  await viaHttp("api.openai.com");
  expect([...counts]).toEqual([]);
});
