import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  OPENAI_VERSIONS,
  type OpenAiFixture,
  startOpenAiFixture,
} from "../support/openai-fixture.ts";
import { json } from "../support/scripted-server.ts";

const REQUEST = { model: "text-embedding-3-small", input: ["a", "b"], dimensions: 2 };
const VECTOR = Buffer.from(new Float32Array([0.5, -0.25]).buffer).toString("base64");

const ANSWER = {
  object: "list",
  data: [
    { object: "embedding", index: 0, embedding: VECTOR },
    { object: "embedding", index: 1, embedding: VECTOR },
  ],
  model: "text-embedding-3-small",
  usage: { prompt_tokens: 8, total_tokens: 8 },
};

describe.each(OPENAI_VERSIONS)("embeddings of an observed client of %s", (version) => {
  let fixture: OpenAiFixture;

  beforeEach(async () => {
    fixture = await startOpenAiFixture(version);
    fixture.server.answers = [json(ANSWER)];
  });

  afterEach(() => fixture.close());

  it("are the same, decoded by the SDK, and reported with input tokens alone", async () => {
    const bare = await fixture.bare().embeddings.create(REQUEST);
    const answer = await fixture.client().embeddings.create(REQUEST);
    expect(answer).toEqual(bare);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({
      operation: "embeddings",
      wireFormat: "openai.embeddings",
      model: "text-embedding-3-small",
      outcome: "success",
      messagesCount: 2,
      parameters: { dimensionCount: 2 },
      finishReasons: [],
    });
    expect(data.usage).toEqual({ inputTokens: 8 });
  });

  it("are parsed by the SDK alone", async () => {
    const client = fixture.client();
    const parse = vi.spyOn(JSON, "parse");
    await client.embeddings.create(REQUEST);
    const vectors = parse.mock.calls.filter(([text]) => text.includes(VECTOR));
    parse.mockRestore();
    expect(vectors).toHaveLength(1);
    expect((await fixture.onlyEnd()).usage).toEqual({ inputTokens: 8 });
  });

  it("that are refused are an error with the provider's code", async () => {
    const error = { code: "invalid_model", type: "invalid_request_error", message: "secret" };
    fixture.server.answers = [json({ error }, 400)];
    await expect(fixture.client().embeddings.create(REQUEST)).rejects.toBeInstanceOf(
      fixture.Client.BadRequestError,
    );
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "error", errorType: "invalid_model" });
  });
});
