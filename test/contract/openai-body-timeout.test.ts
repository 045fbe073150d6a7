import OpenAI from "openai-7";
import { afterEach, beforeEach, expect, it } from "vitest";
import { observedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";
import { json, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const CHAT = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Hi" }] };
const ANSWER = {
  id: "chatcmpl-1",
  model: "gpt-4o-mini",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 3 },
};
const STUCK = { parts: ['{"id": "chatcmpl-'], ending: "hang" as const };

/** Headers are there by then on a busy machine too. */
const TIMEOUT_MS = 500;

let server: ScriptedServer;
let observed: ReturnType<typeof observedClients>;

beforeEach(async () => {
  server = await startScriptedServer();
  observed = observedClients();
});

afterEach(async () => {
  observed.tracker.shutdown();
  await server.close();
  expect(observed.problems).toEqual([]);
});

function client(maxRetries: number): OpenAI {
  const baseURL = `${server.url}/v1`;
  return observed.clients.observe(
    new OpenAI({ apiKey: "sk-test", baseURL, maxRetries, timeout: TIMEOUT_MS }),
  );
}

async function onlyEnd() {
  await poll("an end", () => observed.ended().length > 0);
  expect(observed.events.filter(({ type }) => type === "llm_request_started")).toHaveLength(1);
  const [event, ...others] = observed.ended();
  if (event === undefined || others.length > 0) throw new Error("not one end");
  return event.data;
}

it("a body that times out and is asked for again is one operation", async () => {
  server.answers = [STUCK, json(ANSWER)];
  const { data, response } = await client(1).chat.completions.create(CHAT).withResponse();
  expect(data.choices[0]?.message.content).toBe("Hi");
  expect(response.status).toBe(200);
  expect(server.bodies).toHaveLength(2);
  const end = await onlyEnd();
  expect(end).toMatchObject({ outcome: "success", usage: { inputTokens: 9, outputTokens: 3 } });
  expect(end.attempts.map(({ result }) => result)).toEqual(["ok", "ok"]);
  expect(end.backoffMs).toBeGreaterThan(300);
});

it("a body that times out for good is an error of that one operation", async () => {
  server.answers = [STUCK];
  await expect(client(1).chat.completions.create(CHAT)).rejects.toBeInstanceOf(
    OpenAI.APIConnectionTimeoutError,
  );
  const end = await onlyEnd();
  expect(end).toMatchObject({ outcome: "error", errorType: "APIConnectionTimeoutError" });
  expect(end.attempts).toHaveLength(2);
  expect(server.bodies).toHaveLength(2);
});

it("a request that is refused after a body timed out ends with what it was refused for", async () => {
  const error = { code: "invalid_model", type: "invalid_request_error", message: "secret" };
  server.answers = [STUCK, json({ error }, 400)];
  await expect(client(1).chat.completions.create(CHAT)).rejects.toBeInstanceOf(
    OpenAI.BadRequestError,
  );
  const end = await onlyEnd();
  expect(end).toMatchObject({ outcome: "error", errorType: "invalid_model", httpStatus: 400 });
  expect(end.attempts.map(({ result }) => result)).toEqual(["ok", "400"]);
});

it("a body that is stopped by the caller's signal is aborted", async () => {
  server.answers = [STUCK];
  const signal = AbortSignal.timeout(250);
  await expect(client(1).chat.completions.create(CHAT, { signal })).rejects.toThrow();
  expect(await onlyEnd()).toMatchObject({ outcome: "aborted" });
  expect(server.bodies).toHaveLength(1);
});
