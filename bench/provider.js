/** A provider in process: no network, no simulation of time, as little work as a `fetch` can do. */
const answer = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello there." } },
  ],
  usage: {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 10 },
  },
});

const encoder = new TextEncoder();
const chunk = (fields) =>
  encoder.encode(
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini-2024-07-18", ...fields })}\n\n`,
  );
const usage = { prompt_tokens: 100, completion_tokens: 64, total_tokens: 164 };

/** The events of a streamed answer of `count` content chunks. */
function eventsOf(count) {
  const content = Array.from({ length: count }, (_, index) =>
    chunk({
      choices: [{ index: 0, delta: { content: ` word${index}` }, finish_reason: null }],
      usage: null,
    }),
  );
  return [
    chunk({ choices: [{ index: 0, delta: { role: "assistant", content: "" } }], usage: null }),
    ...content,
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: null }),
    chunk({ choices: [], usage }),
    encoder.encode("data: [DONE]\n\n"),
  ];
}

const events = eventsOf(64);

/** A `fetch` that answers chat completions, plain and streamed. */
export async function providerFetch(_url, { body }) {
  if (!body.includes('"stream":true')) {
    return new Response(answer, { headers: { "content-type": "application/json" } });
  }
  let next = 0;
  const stream = new ReadableStream({
    pull(controller) {
      if (next < events.length) controller.enqueue(events[next++]);
      else controller.close();
    },
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
}

export const CHAT = {
  model: "gpt-4o-mini",
  temperature: 0.2,
  messages: [{ role: "user", content: "x".repeat(400) }],
};
export const STREAM = { ...CHAT, stream: true, stream_options: { include_usage: true } };
