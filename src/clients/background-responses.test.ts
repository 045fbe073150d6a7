import { describe, expect, it } from "vitest";
import { observedClients } from "../../test/support/observed-clients.ts";
import type { Fetch } from "./observed-mark.ts";

const URL_OF_RESPONSES = "https://api.openai.com/v1/responses";
const ASKED = { model: "gpt-5", input: "Hi", background: true };
const QUEUED = { id: "resp_1", model: "gpt-5-2026", background: true, status: "queued" };
const RUNNING = { ...QUEUED, status: "in_progress", usage: null };
const USAGE = { input_tokens: 100, output_tokens: 20, total_tokens: 120 };
const COMPLETED = { ...QUEUED, status: "completed", usage: USAGE };

/** An application whose provider gives these answers, one after the other. */
function application(...answers: readonly (object | Response)[]) {
  const { fetches, store, ended, events, diagnostics } = observedClients();
  const rest = [...answers];
  const provider: Fetch = async () => {
    const answer = rest.shift() ?? {};
    return answer instanceof Response ? answer : Response.json(answer);
  };
  const fetch = fetches.observe(provider, { ofClient: true });
  const create = async (body: object = ASKED): Promise<unknown> =>
    (await fetch(URL_OF_RESPONSES, { method: "POST", body: JSON.stringify(body) })).json();
  const retrieve = async (id = "resp_1"): Promise<unknown> =>
    (await fetch(`${URL_OF_RESPONSES}/${id}`)).json();
  return { fetch, create, retrieve, store, ended, events, diagnostics };
}

function sse(...events: readonly { readonly type: string }[]): Response {
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return new Response(text.join(""), { headers: { "content-type": "text/event-stream" } });
}

describe("a response that is made in the background", () => {
  it("has its usage counted by the first fetch that tells it, and by no other", async () => {
    const app = application(QUEUED, RUNNING, COMPLETED, COMPLETED);
    await app.create();
    await app.retrieve();
    expect(await app.retrieve()).toEqual(COMPLETED);
    await app.retrieve();
    expect(app.ended().map(({ type, data }) => [type, data.operation, data.usage])).toEqual([
      ["llm_request_completed", "chat", undefined],
      ["llm_request_completed", "fetch_response", { inputTokens: 100, outputTokens: 20 }],
    ]);
    expect(app.ended()[1]?.data).toMatchObject({
      provider: "openai",
      model: "gpt-5",
      responseModel: "gpt-5-2026",
      responseId: "resp_1",
      wireFormat: "openai.responses",
      outcome: "success",
      finishReasons: ["stop"],
      stream: false,
      attempts: [],
    });
    expect([...app.diagnostics.counters.unclassified.values()]).toEqual([
      { provider: "openai", api: "responses", count: 3 },
    ]);
  });

  it("belongs to the session that asked for it, whoever fetches it", async () => {
    const app = application(QUEUED, COMPLETED);
    await app.store.withContext({ sessionId: "asking" }, () => app.create());
    await app.store.withContext({ sessionId: "fetching" }, () => app.retrieve());
    expect(app.events.map(({ sessionId }) => sessionId)).toEqual(Array(4).fill("asking"));
  });

  it.each([
    ["incomplete", { incomplete_details: { reason: "max_output_tokens" } }, "success"],
    ["failed", { error: { code: "server_error", message: "secret" } }, "server_error"],
    ["cancelled", {}, "cancelled"],
  ])("that ended as %s is told as that", async (status, fields, expected) => {
    const app = application(QUEUED, { ...COMPLETED, ...fields, status });
    await app.create();
    await app.retrieve();
    const [, fetched] = app.ended();
    const isFailed = fetched?.type === "llm_request_failed";
    expect(isFailed ? fetched.data.errorType : fetched?.data.outcome).toBe(expected);
    expect(fetched?.data.usage).toEqual({ inputTokens: 100, outputTokens: 20 });
  });

  it("is told by what cancels it, too", async () => {
    const app = application(QUEUED, { ...COMPLETED, status: "cancelled" });
    await app.create();
    await (await app.fetch(`${URL_OF_RESPONSES}/resp_1/cancel`, { method: "POST" })).text();
    expect(app.ended().map(({ data }) => data.operation)).toEqual(["chat", "fetch_response"]);
  });

  it("may be streamed, left, and taken up again", async () => {
    const app = application(
      sse({ type: "response.created", response: RUNNING } as { type: string }),
      sse({ type: "response.completed", response: COMPLETED } as { type: string }),
    );
    const options = { method: "POST", body: JSON.stringify({ ...ASKED, stream: true }) };
    await (await app.fetch(URL_OF_RESPONSES, options)).text();
    await (await app.fetch(`${URL_OF_RESPONSES}/resp_1?stream=true&starting_after=1`)).text();
    expect(app.ended().map(({ data }) => [data.operation, data.usage?.inputTokens])).toEqual([
      ["chat", undefined],
      ["fetch_response", 100],
    ]);
  });

  it("is still to be told after a fetch that fails or is not read", async () => {
    const app = application(
      QUEUED,
      Response.json({ error: { code: "server_error" } }, { status: 500 }),
      new Response("not JSON"),
      COMPLETED,
      COMPLETED,
    );
    await app.create();
    await app.retrieve();
    await expect(app.retrieve()).rejects.toThrow(SyntaxError);
    await (await app.fetch(`${URL_OF_RESPONSES}/resp_1`)).body?.cancel();
    expect(app.ended()).toHaveLength(1);
    await app.retrieve();
    expect(app.ended()).toHaveLength(2);
  });
});

describe("a fetch of a response", () => {
  it("that nobody set going here is none of ours", async () => {
    const app = application(QUEUED, { ...COMPLETED, id: "resp_2" });
    await app.create();
    await app.retrieve("resp_2");
    expect(app.ended()).toHaveLength(1);
  });

  it("that was made at once has been counted already", async () => {
    const made = { ...COMPLETED, background: false };
    const app = application(made, made);
    await app.create({ ...ASKED, background: false });
    await app.retrieve();
    expect(app.ended().map(({ data }) => data.usage?.inputTokens)).toEqual([100]);
  });
});
