import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { observedClients, type ObservedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";
import { json, type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const BODY = JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hi" }] }] });

function chunk(text: string, candidatesTokenCount: number, fields: object = {}) {
  return {
    candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...fields }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount, thoughtsTokenCount: 5 },
    modelVersion: "gemini-2.5-flash",
    responseId: "r1",
  };
}

const CHUNKS = [chunk("Grü", 1), chunk("ße", 2), chunk("!", 3, { finishReason: "STOP" })];
const USAGE = { inputTokens: 10, outputTokens: 8, reasoningTokens: 5 };

describe("Gemini by an observed fetch", () => {
  let server: ScriptedServer;
  let observed: ObservedClients;

  beforeEach(async () => {
    server = await startScriptedServer();
    observed = observedClients();
  });

  afterEach(async () => {
    observed.tracker.shutdown();
    await server.close();
    expect(observed.problems).toEqual([]);
  });

  function call(method: string): Promise<Response> {
    const url = `${server.url}/v1beta/models/gemini-2.5-flash:${method}`;
    return observed.fetches.observe(fetch)(url, { method: "POST", body: BODY });
  }

  async function onlyEnd() {
    await poll("an end", () => observed.ended().length > 0);
    expect(observed.events).toHaveLength(2);
    return observed.ended()[0]?.data;
  }

  it("reports an answer", async () => {
    server.answers = [json(CHUNKS[2])];
    expect(await (await call("generateContent")).json()).toEqual(CHUNKS[2]);
    expect(await onlyEnd()).toMatchObject({
      provider: "gcp.gen_ai",
      operation: "generate_content",
      model: "gemini-2.5-flash",
      outcome: "success",
      stream: false,
      messagesCount: 1,
      finishReasons: ["STOP"],
      responseId: "r1",
      usage: USAGE,
    });
  });

  it("reports a stream of events, which come through as they are", async () => {
    const parts = CHUNKS.map((part) => `data: ${JSON.stringify(part)}\r\n\r\n`);
    server.answers = [{ contentType: "text/event-stream", parts }];
    const response = await call("streamGenerateContent?alt=sse");
    let text = "";
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes as Uint8Array).toString("latin1");
    }
    expect(Buffer.from(text, "latin1").toString()).toBe(parts.join(""));
    const end = await onlyEnd();
    expect(end).toMatchObject({ outcome: "success", stream: true, usage: USAGE });
    expect(end?.timeToFirstTokenMs).toBeGreaterThan(0);
  });

  it("reports a stream that is one list", async () => {
    server.answers = [
      { parts: ["[", CHUNKS.map((part) => JSON.stringify(part)).join(",\n"), "]"] },
    ];
    await (await call("streamGenerateContent")).text();
    expect(await onlyEnd()).toMatchObject({ outcome: "success", stream: true, usage: USAGE });
  });

  it.each(["end", "cut"] as const)(
    "reports a stream without a finish reason as truncated: %s",
    async (ending) => {
      const parts = CHUNKS.slice(0, 2).map((part) => `data: ${JSON.stringify(part)}\r\n\r\n`);
      server.answers = [{ contentType: "text/event-stream", parts, ending }];
      await (await call("streamGenerateContent?alt=sse")).text().catch(() => {});
      expect(await onlyEnd()).toMatchObject({ outcome: "truncated" });
    },
  );

  it("reports Google's word for an error", async () => {
    server.answers = [
      json({ error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "secret" } }, 429),
    ];
    await (await call("generateContent")).text();
    expect(await onlyEnd()).toMatchObject({ outcome: "error", errorType: "RESOURCE_EXHAUSTED" });
  });
});
