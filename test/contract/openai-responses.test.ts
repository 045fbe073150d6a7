import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  eventStream,
  OPENAI_RESPONSES_VERSIONS,
  type OpenAiFixture,
  startOpenAiFixture,
} from "../support/openai-fixture.ts";
import { responseEvents, responseObject } from "../support/openai-responses.ts";
import { json } from "../support/scripted-server.ts";

const REQUEST = { model: "gpt-4o-mini", input: "Hi", max_output_tokens: 50 };
const STREAM = { ...REQUEST, stream: true as const };
const USAGE = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, reasoningTokens: 5 };

describe.each(OPENAI_RESPONSES_VERSIONS)("responses of an observed client of %s", (version) => {
  let fixture: OpenAiFixture;

  beforeEach(async () => {
    fixture = await startOpenAiFixture(version);
  });

  afterEach(() => fixture.close());

  it("are the same, and reported with model, usage and end", async () => {
    fixture.server.answers = [json(responseObject("completed"))];
    const bare = await fixture.bare().responses.create(REQUEST);
    const answer = await fixture.client().responses.create(REQUEST);
    expect(answer).toEqual(bare);
    expect(answer.output_text).toBe("Guten Tag, schöne Welt");
    expect(await fixture.onlyEnd()).toMatchObject({
      operation: "chat",
      wireFormat: "openai.responses",
      model: "gpt-4o-mini",
      responseModel: "gpt-4o-mini-2024-07-18",
      responseId: "resp_1",
      outcome: "success",
      stream: false,
      messagesCount: 1,
      parameters: { maxTokens: 50 },
      finishReasons: ["stop"],
      usage: USAGE,
    });
  });

  it("stream the same events, and are reported with usage and time to first token", async () => {
    fixture.server.answers = [eventStream(responseEvents("completed"))];
    const bare = [];
    for await (const event of await fixture.bare().responses.create(STREAM)) bare.push(event);
    const events = [];
    for await (const event of await fixture.client().responses.create(STREAM)) events.push(event);
    expect(events).toEqual(bare);
    expect(events).toHaveLength(responseEvents("completed").length);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({ outcome: "success", stream: true, usage: USAGE });
    expect(data.finishReasons).toEqual(["stop"]);
    expect(data.timeToFirstTokenMs).toBeGreaterThan(0);
    expect(data.timeToFirstTokenMs).toBeLessThan(data.durationMs);
  });

  it("that are incomplete are a success with their reason", async () => {
    fixture.server.answers = [eventStream(responseEvents("incomplete"))];
    for await (const _event of await fixture.client().responses.create(STREAM));
    expect(await fixture.onlyEnd()).toMatchObject({
      outcome: "success",
      finishReasons: ["max_output_tokens"],
      usage: USAGE,
    });
  });

  it("that fail are an error with the provider's code, and their usage", async () => {
    fixture.server.answers = [eventStream(responseEvents("failed"))];
    for await (const _event of await fixture.client().responses.create(STREAM));
    expect(await fixture.onlyEnd()).toMatchObject({
      outcome: "error",
      errorType: "server_error",
      usage: USAGE,
    });
  });

  it("that fail in one piece are an error, though HTTP says 200", async () => {
    fixture.server.answers = [json(responseObject("failed"))];
    const answer = await fixture.client().responses.create(REQUEST);
    expect(answer.status).toBe("failed");
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "error", errorType: "server_error" });
  });

  it("with an error event are an error", async () => {
    const error = { type: "error", code: "rate_limit_exceeded", message: "secret", param: null };
    fixture.server.answers = [eventStream([...responseEvents("completed").slice(0, 5), error])];
    // some majors throw at such an event, others hand it out
    const reading = async () => {
      for await (const _event of await fixture.client().responses.create(STREAM));
    };
    await reading().catch(() => {});
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({ outcome: "error", errorType: "rate_limit_exceeded" });
    expect(JSON.stringify(data)).not.toContain("secret");
  });

  it("that break off are truncated", async () => {
    const { parts, contentType } = eventStream(responseEvents("completed").slice(0, 6));
    fixture.server.answers = [{ parts, contentType, ending: "cut" }];
    await expect(async () => {
      for await (const _event of await fixture.client().responses.create(STREAM));
    }).rejects.toThrow();
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "truncated", responseId: "resp_1" });
  });

  it("that end before their last event are truncated, though the SDK says nothing", async () => {
    fixture.server.answers = [eventStream(responseEvents("completed").slice(0, -1))];
    for await (const _event of await fixture.client().responses.create(STREAM));
    expect(await fixture.onlyEnd()).toMatchObject({
      outcome: "truncated",
      errorType: "incomplete_stream",
    });
  });

  it("that are left early are abandoned", async () => {
    fixture.server.answers = [{ ...eventStream(responseEvents("completed")), delayMs: 10 }];
    for await (const _event of await fixture.client().responses.create(STREAM)) break;
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "abandoned" });
  });

  it("keep the SDK's helper for streams", async () => {
    fixture.server.answers = [eventStream(responseEvents("completed"))];
    const texts: string[] = [];
    const stream = fixture.client().responses.stream(REQUEST);
    stream.on("response.output_text.delta", ({ delta }) => texts.push(delta));
    const final = await stream.finalResponse();
    expect(texts.join("")).toBe("Guten Tag, schöne Welt");
    expect(final.id).toBe("resp_1");
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("keep parse()", async () => {
    fixture.server.answers = [json(responseObject("completed"))];
    const parsed = await fixture.client().responses.parse(REQUEST);
    expect(parsed.output_text).toBe("Guten Tag, schöne Welt");
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("are not counted again when they are fetched", async () => {
    fixture.server.answers = [json(responseObject("completed"))];
    await fixture.client().responses.retrieve("resp_1");
    expect(fixture.observed.events).toHaveLength(0);
  });
});
