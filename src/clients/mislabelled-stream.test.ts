import { expect, it } from "vitest";
import { observedClients } from "../../test/support/observed-clients.ts";

const EVENTS =
  'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n' +
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}\n\n' +
  "data: [DONE]\n\n";
const STREAM_REQUEST = { method: "POST", body: JSON.stringify({ model: "m", stream: true }) };
const URL_OF_CHAT = "https://api.openai.com/v1/chat/completions";

it.each(["text/plain", "application/octet-stream", "application/stream+json"])(
  "a stream that is called %s counts as the stream it is",
  async (type) => {
    const observed = observedClients();
    const answer = async () => new Response(EVENTS, { headers: { "content-type": type } });
    const response = await observed.fetches.observe(answer)(URL_OF_CHAT, STREAM_REQUEST);
    for await (const _bytes of response.body ?? []);
    expect(observed.ended()[0]?.data).toMatchObject({
      outcome: "success",
      finishReasons: ["stop"],
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  },
);

it("an answer that is neither is malformed all the same", async () => {
  const observed = observedClients();
  const answer = async () => new Response("<html>", { headers: { "content-type": "text/html" } });
  const response = await observed.fetches.observe(answer)(URL_OF_CHAT, STREAM_REQUEST);
  await response.text();
  expect(observed.ended()[0]?.data).toMatchObject({
    outcome: "error",
    errorType: "malformed_response",
  });
});

it("a model that is longer than any name is unknown", async () => {
  const observed = observedClients();
  const answer = async () => Response.json({ choices: [] });
  const body = JSON.stringify({ model: "m".repeat(257) });
  await (await observed.fetches.observe(answer)(URL_OF_CHAT, { method: "POST", body })).json();
  expect(observed.ended()[0]?.data.model).toBe("unknown");
});
