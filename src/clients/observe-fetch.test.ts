import { describe, expect, it } from "vitest";
import { observedClients } from "../../test/support/observed-clients.ts";
import {
  CHAT_REQUEST,
  CHAT_URL,
  JSON_TEXT,
  responseOf,
  USAGE,
} from "../../test/support/observed-response.ts";
import { createEventBus } from "../bus/index.ts";
import { CallStore, CallTracker } from "../calls/index.ts";
import { createDiagnostics } from "../diagnostics/index.ts";
import type { Around, Publish } from "../events/index.ts";
import { FetchObserver } from "./observe-fetch.ts";
import { type Fetch, isObserved, originalOf } from "./observed-mark.ts";

const answering: Fetch = async () => responseOf(JSON_TEXT);

function boom(): never {
  throw new Error("telemetry");
}

describe("an observed fetch", () => {
  it("passes on `this` and the arguments as they are", async () => {
    const seen: unknown[] = [];
    async function bare(this: unknown, ...args: unknown[]): Promise<Response> {
      seen.push(this, ...args);
      return responseOf(JSON_TEXT);
    }
    const self = {};
    const init = Object.freeze({ ...CHAT_REQUEST });
    await Reflect.apply(observedClients().fetches.observe(bare as Fetch), self, [CHAT_URL, init]);
    expect(seen).toHaveLength(3);
    expect(seen[0]).toBe(self);
    expect(seen[2]).toBe(init);
  });

  it("has the name and the length of the bare one", () => {
    const fetch = observedClients().fetches.observe(globalThis.fetch);
    expect([fetch.name, fetch.length]).toEqual([globalThis.fetch.name, globalThis.fetch.length]);
  });

  it.each([[], [undefined], [null], [{}]])(
    "leaves it to the bare one to refuse %j",
    async (...args) => {
      const { fetches, problems } = observedClients();
      const call = (fetch: Fetch) =>
        (Reflect.apply(fetch, undefined, args) as Promise<unknown>).catch(String);
      expect(await call(fetches.observe(globalThis.fetch))).toBe(await call(globalThis.fetch));
      expect(problems).toEqual([]);
    },
  );

  it.each<[string, Parameters<Fetch>]>([
    ["a string", [CHAT_URL, CHAT_REQUEST]],
    ["a URL", [new URL(CHAT_URL), CHAT_REQUEST]],
    ["a lower-case method", [CHAT_URL, { ...CHAT_REQUEST, method: "post" }]],
    [
      "bytes as body",
      [CHAT_URL, { ...CHAT_REQUEST, body: Buffer.from(CHAT_REQUEST.body as string) }],
    ],
  ])("reads the request given as %s", async (_what, args) => {
    const { fetches, events } = observedClients();
    await fetches.observe(answering)(...args);
    expect(events[0]?.data).toMatchObject({
      provider: "openai",
      model: "gpt-4o",
      wireFormat: "openai.chat_completions",
      messagesCount: 1,
      serverAddress: "api.openai.com",
    });
  });

  it("leaves the body of a Request alone", async () => {
    const { fetches, events } = observedClients();
    const request = new Request(CHAT_URL, CHAT_REQUEST);
    await fetches.observe(answering)(request);
    expect(request.bodyUsed).toBe(false);
    expect(events[0]?.data).toMatchObject({ model: "unknown" });
  });

  it.each<[string, BodyInit_]>([
    ["no JSON", "{"],
    ["a form", new URLSearchParams({ model: "x" })],
    ["a stream", new Blob(["{}"]).stream()],
  ])("observes a request whose body is %s", async (_what, body) => {
    const { fetches, ended } = observedClients();
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    await (await fetches.observe(answering)(CHAT_URL, init)).json();
    expect(ended()[0]?.data).toMatchObject({ model: "unknown", outcome: "success", usage: USAGE });
  });

  it("lets other calls pass unobserved, odd ones too", async () => {
    const { fetches, events, problems } = observedClients();
    const other = responseOf("[]");
    const fetch = fetches.observe(async () => other);
    const keys = Reflect.ownKeys(other);
    expect(await fetch("https://api.openai.com/v1/models")).toBe(other);
    expect(await fetch("no url")).toBe(other);
    expect(Reflect.ownKeys(other)).toEqual(keys);
    expect(events).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("of an observed fetch is the same, and knows its original", () => {
    const { fetches } = observedClients();
    const fetch = fetches.observe(answering);
    expect(fetches.observe(fetch)).toBe(fetch);
    expect(isObserved(fetch)).toBe(true);
    expect(isObserved(answering)).toBe(false);
    expect(originalOf(fetch)).toBe(answering);
    expect(originalOf(answering)).toBe(answering);
  });

  it("counts once what goes through two of them", async () => {
    const observed = observedClients();
    const inner = observed.fetches.observe(answering);
    const outer = observed.fetches.observe((...args) => inner(...args));
    await (await outer(CHAT_URL, CHAT_REQUEST)).json();
    expect(observed.ended()).toHaveLength(1);
    expect(observed.events).toHaveLength(2);
  });

  it("observes nothing any more after shutdown", async () => {
    const { fetches, tracker, events } = observedClients();
    tracker.shutdown();
    await (await fetches.observe(answering)(CHAT_URL, CHAT_REQUEST)).json();
    expect(events).toEqual([]);
  });
});

type BodyInit_ = string | URLSearchParams | ReadableStream;

describe("a fetch that fails", () => {
  const error = Object.assign(new Error("x"), { code: "ECONNRESET" });
  const expected = {
    outcome: "error",
    errorType: "ECONNRESET",
    attempts: [{ result: "ECONNRESET" }],
  };

  it("by throwing does so at once, with the very error", () => {
    const { fetches, ended } = observedClients();
    const fetch = fetches.observe(() => {
      throw error;
    });
    expect(() => void fetch(CHAT_URL, CHAT_REQUEST)).toThrow(error);
    expect(ended().map(({ data }) => data)).toMatchObject([expected]);
  });

  it("by rejecting does so with the very error", async () => {
    const { fetches, ended } = observedClients();
    const fetch = fetches.observe(async () => {
      throw error;
    });
    await expect(fetch(CHAT_URL, CHAT_REQUEST)).rejects.toBe(error);
    expect(ended().map(({ data }) => data)).toMatchObject([expected]);
  });

  it("with the caller's own reason is aborted", async () => {
    const { fetches, ended } = observedClients();
    const reason = "the user went away";
    const signal = AbortSignal.abort(reason);
    const fetch = fetches.observe(() => Promise.reject(reason));
    await expect(fetch(CHAT_URL, { ...CHAT_REQUEST, signal })).rejects.toBe(reason);
    expect(ended()[0]?.data).toMatchObject({ outcome: "aborted", errorType: "signal" });
  });
});

describe("a test double", () => {
  it("that answers at once is handed on as it is", () => {
    const { fetches, ended } = observedClients();
    const given = responseOf(null);
    const fetch = fetches.observe((() => given) as unknown as Fetch);
    expect(fetch(CHAT_URL, CHAT_REQUEST)).toBe(given);
    expect(ended()).toHaveLength(1);
  });

  it.each([
    ["nothing", undefined],
    ["an object without headers", { status: 200, json: () => ({}) }],
  ])("that answers with %s reaches the caller, and is reported", async (_what, given) => {
    const { fetches, ended, problems } = observedClients();
    const fetch = fetches.observe((async () => given) as unknown as Fetch);
    expect(await fetch(CHAT_URL, CHAT_REQUEST)).toBe(given);
    expect(ended()[0]?.data).toMatchObject({ outcome: "abandoned", errorType: "not_observed" });
    expect(problems).toHaveLength(1);
  });
});

describe("telemetry that throws never reaches the caller", () => {
  function observer(options: { around?: Around; publish?: Publish } = {}) {
    const diagnostics = createDiagnostics({ write: () => {} });
    const store = new CallStore();
    const around = options.around ?? { open: () => ({ run: (fn) => fn(), close: () => {} }) };
    const publish = options.publish ?? createEventBus(diagnostics).publish;
    const ports = { publish, around, price: () => undefined, diagnostics, idleLimitMs: 1_000 };
    const tracker = new CallTracker(ports);
    const fetch = new FetchObserver({ store, tracker, diagnostics }).observe(answering);
    return { fetch, tracker, diagnostics };
  }

  async function call(fetch: Fetch): Promise<unknown> {
    const response = await fetch(CHAT_URL, CHAT_REQUEST);
    const body = await response.json();
    await expect(response.text()).rejects.toThrow(TypeError);
    return body;
  }

  it.each<[string, Around]>([
    ["open()", { open: boom }],
    ["run()", { open: () => ({ run: boom, close: () => {} }) }],
    ["close()", { open: () => ({ run: (fn) => fn(), close: boom }) }],
  ])("around.%s", async (_where, around) => {
    const { fetch, diagnostics } = observer({ around });
    expect(await call(fetch)).toEqual(JSON.parse(JSON_TEXT));
    const reported = diagnostics.counters.dropped.size + diagnostics.counters.handlerErrors.size;
    expect(reported).toBe(1);
  });

  it("a bus", async () => {
    const { fetch } = observer({ publish: boom });
    expect(await call(fetch)).toEqual(JSON.parse(JSON_TEXT));
  });

  it("a bus at the end only", async () => {
    const publish: Publish = ({ type }) => void (type === "llm_request_started" || boom());
    const { fetch, diagnostics } = observer({ publish });
    expect(await call(fetch)).toEqual(JSON.parse(JSON_TEXT));
    expect(diagnostics.counters.dropped.get("calls\u0000not_observed")?.count).toBe(1);
  });

  it("a tracker", async () => {
    const { fetch, tracker, diagnostics } = observer();
    tracker.open = boom;
    expect(await call(fetch)).toEqual(JSON.parse(JSON_TEXT));
    expect(diagnostics.counters.dropped.get("calls\u0000not_observed")?.count).toBe(1);
  });
});
