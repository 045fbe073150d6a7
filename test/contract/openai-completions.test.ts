import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  eventStream,
  OPENAI_VERSIONS,
  type OpenAiFixture,
  startOpenAiFixture,
} from "../support/openai-fixture.ts";
import { json } from "../support/scripted-server.ts";

const REQUEST = { model: "gpt-3.5-turbo-instruct", prompt: "Hi", max_tokens: 5 };
const HEAD = { id: "cmpl-1", object: "text_completion", model: "gpt-3.5-turbo-instruct" };
const USAGE = { prompt_tokens: 4, completion_tokens: 10, total_tokens: 14 };

function choice(text: string, finish_reason: string | null = null) {
  return { text, index: 0, logprobs: null, finish_reason };
}

const CHUNKS = [
  ...["Gu", "ten", " Tag"].map((text) => ({ ...HEAD, choices: [choice(text)], usage: null })),
  { ...HEAD, choices: [choice("", "stop")], usage: null },
  { ...HEAD, choices: [], usage: USAGE },
];

describe.each(OPENAI_VERSIONS)("legacy completions of an observed client of %s", (version) => {
  let fixture: OpenAiFixture;

  beforeEach(async () => {
    fixture = await startOpenAiFixture(version);
  });

  afterEach(() => fixture.close());

  it("are the same, and reported with usage and finish reason", async () => {
    fixture.server.answers = [json({ ...HEAD, choices: [choice("Hi", "length")], usage: USAGE })];
    const bare = await fixture.bare().completions.create(REQUEST);
    expect(await fixture.client().completions.create(REQUEST)).toEqual(bare);
    expect(await fixture.onlyEnd()).toMatchObject({
      operation: "text_completion",
      wireFormat: "openai.completions",
      outcome: "success",
      messagesCount: 1,
      parameters: { maxTokens: 5 },
      finishReasons: ["length"],
      usage: { inputTokens: 4, outputTokens: 10 },
    });
  });

  it("stream the same chunks, and are reported with usage and time to first token", async () => {
    fixture.server.answers = [eventStream(CHUNKS, "[DONE]")];
    const chunks = [];
    const stream = await fixture.client().completions.create({ ...REQUEST, stream: true });
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks).toEqual(CHUNKS);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({
      outcome: "success",
      stream: true,
      finishReasons: ["stop"],
      usage: { inputTokens: 4, outputTokens: 10 },
    });
    expect(data.timeToFirstTokenMs).toBeGreaterThan(0);
  });
});
