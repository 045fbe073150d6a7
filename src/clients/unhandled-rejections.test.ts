import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { observedClients } from "../../test/support/observed-clients.ts";
import {
  CHAT_REQUEST,
  CHAT_URL,
  responseOf,
  sourceOf,
  SSE_TEXT,
} from "../../test/support/observed-response.ts";
import { poll } from "../../test/support/poll.ts";
import type { Fetch } from "./observed-mark.ts";

const CHAT = { model: "gpt-4o", messages: [{ role: "user" as const, content: "Hi" }] };

/** The runner's own listeners would count these as failures of the test. */
let listeners: NodeJS.UnhandledRejectionListener[];
let unhandled: number;
let handledLate: number;
const count = (): void => void (unhandled += 1);
const countLate = (): void => void (handledLate += 1);

beforeEach(() => {
  unhandled = 0;
  handledLate = 0;
  listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", count);
  process.on("rejectionHandled", countLate);
});
afterEach(() => {
  process.off("unhandledRejection", count);
  process.off("rejectionHandled", countLate);
  for (const listener of listeners) process.on("unhandledRejection", listener);
});

async function turns(rounds: number): Promise<void> {
  for (let turn = 0; turn < rounds; turn += 1) await new Promise(setImmediate);
}

/** Counts after the last of `calls` HTTP calls; what follows it takes no time, only turns. */
type Settled = () => Promise<void>;

async function countsOf(
  run: (fetch: Fetch, settled: Settled) => unknown,
  fetch: Fetch,
  calls = 1,
): Promise<number[]> {
  unhandled = 0;
  handledLate = 0;
  let sent = 0;
  const counted: Fetch = (...args) => {
    sent += 1;
    return fetch(...args);
  };
  const settled = async () => {
    await poll("all HTTP calls", () => sent === calls);
    await turns(30);
  };
  await run(counted, settled);
  await settled();
  return [unhandled, handledLate];
}

const openai = (fetch: Fetch, maxRetries = 0): OpenAI =>
  new OpenAI({ apiKey: "sk-test", fetch, maxRetries });

const refused: Fetch = () => Promise.reject(new TypeError("fetch failed"));
const failing: Fetch = async () =>
  new Response("{}", { status: 500, headers: { "retry-after-ms": "1" } });
const malformed: Fetch = async () => responseOf("<html>");
const broken: Fetch = async () =>
  responseOf(
    sourceOf(SSE_TEXT, { failure: { after: 1, error: new Error("broken") } }).body,
    "text/event-stream",
  );

describe.each<[string, Fetch, number]>([
  ["a refused connection", refused, 0],
  ["an error status, retried", failing, 1],
  ["an answer that is no JSON", malformed, 0],
])("after %s", (_what, fetch, retries) => {
  const usages: Record<string, (client: OpenAI, settled: Settled) => unknown> = {
    "a floating call": (client) => void client.chat.completions.create(CHAT),
    "a call that is awaited late": async (client, settled) => {
      const call = client.chat.completions.create(CHAT);
      await settled();
      await call.catch(() => {});
    },
    "a call with a catch": (client) => client.chat.completions.create(CHAT).catch(() => {}),
    "a floating then": (client) => void client.chat.completions.create(CHAT).then(() => {}),
    "a floating withResponse()": (client) =>
      void client.chat.completions.create(CHAT).withResponse(),
    "a floating asResponse()": (client) => void client.chat.completions.create(CHAT).asResponse(),
  };

  it.each(Object.entries(usages))(
    "%s has as many unhandled rejections as the bare client",
    async (_name, use) => {
      const bare = await countsOf(
        (given, settled) => use(openai(given, retries), settled),
        fetch,
        retries + 1,
      );
      const observed = observedClients();
      const seen = await countsOf(
        (given, settled) => use(observed.clients.observe(openai(given, retries)), settled),
        fetch,
        retries + 1,
      );
      expect(seen).toEqual(bare);
      expect(observed.problems).toEqual([]);
    },
  );
});

it("counts a floating call of the bare client, so that this test can fail", async () => {
  const seen = await countsOf((fetch) => void openai(fetch).chat.completions.create(CHAT), refused);
  expect(seen).not.toEqual([0, 0]);
});

describe("a plain fetch", () => {
  const usages: Record<string, (fetch: Fetch) => unknown> = {
    "that floats": (fetch) => void fetch(CHAT_URL, CHAT_REQUEST),
    "whose text() floats": async (fetch) => void (await fetch(CHAT_URL, CHAT_REQUEST)).text(),
    "whose read() floats": async (fetch) => {
      const reader = (await fetch(CHAT_URL, CHAT_REQUEST)).body?.getReader();
      await reader?.read();
      void reader?.read();
    },
    "whose pipeTo() floats": async (fetch) =>
      void (await fetch(CHAT_URL, CHAT_REQUEST)).body?.pipeTo(new WritableStream()),
    "whose pipeThrough() is left": async (fetch) =>
      void (await fetch(CHAT_URL, CHAT_REQUEST)).body?.pipeThrough(new TransformStream()),
    "whose clone floats": async (fetch) =>
      void (await fetch(CHAT_URL, CHAT_REQUEST)).clone().text(),
    "whose body is cancelled twice": async (fetch) => {
      const { body } = await fetch(CHAT_URL, CHAT_REQUEST);
      const reader = body?.getReader();
      void body?.cancel();
      void reader?.cancel();
    },
  };

  it.each(Object.entries(usages))(
    "%s has as many unhandled rejections as the bare one",
    async (name, use) => {
      const source = name === "that floats" ? refused : broken;
      const bare = await countsOf(use, source);
      const observed = observedClients();
      expect(await countsOf(use, observed.fetches.observe(source))).toEqual(bare);
    },
  );
});
