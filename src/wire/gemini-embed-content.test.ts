import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { geminiEmbedContent as gemini } from "./gemini-embed-content.ts";

const PATH = "/v1beta/models/gemini-embedding-001:embedContent";
const BATCH_PATH = "/v1beta/models/gemini-embedding-001:batchEmbedContents";
const TEXT = { parts: [{ text: "secret" }] };

describe("Gemini embeddings: request", () => {
  it("of one content is read without it", () => {
    const body = { content: TEXT, taskType: "RETRIEVAL_QUERY", outputDimensionality: 256 };
    expect(gemini.readRequest(body, PATH)).toEqual({
      operation: "embeddings",
      model: "gemini-embedding-001",
      stream: false,
      messagesCount: 1,
      toolsCount: 0,
      parameters: { dimensionCount: 256 },
    });
  });

  it("of a batch has one for each content", () => {
    const one = { model: "models/gemini-embedding-001", content: TEXT, outputDimensionality: 64 };
    const request = gemini.readRequest({ requests: [one, one, one] }, BATCH_PATH);
    expect(request).toMatchObject({
      model: "gemini-embedding-001",
      messagesCount: 3,
      parameters: { dimensionCount: 64 },
    });
  });

  it("to Vertex AI has its parameters in an object of their own", () => {
    const path =
      "/v1/projects/p/locations/l/publishers/google/models/gemini-embedding-2:embedContent";
    const body = { content: TEXT, embedContentConfig: { outputDimensionality: 768 } };
    expect(gemini.matches("POST", path)).toBe(true);
    expect(gemini.readRequest(body, path)).toMatchObject({
      model: "gemini-embedding-2",
      parameters: { dimensionCount: 768 },
    });
  });

  it.each([
    "/v1beta/models/gemini-embedding-001:asyncBatchEmbedContent",
    "/v1beta/models/gemini-2.5-flash:countTokens",
    "/embedContent",
  ])("%s is none", (path) => {
    expect(gemini.matches("POST", path)).toBe(false);
  });

  it("is known by its content where nobody knows the host", () => {
    expect(gemini.recognizes?.({ content: TEXT })).toBe(true);
    expect(gemini.recognizes?.({ requests: [{ content: TEXT }] })).toBe(true);
    expect(gemini.recognizes?.({ text: "Hi" })).toBe(false);
  });

  it("reads anything without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (body, path) => {
        gemini.readRequest(body, path);
        gemini.readResponse(body);
        gemini.readResponseText?.(JSON.stringify(body));
        gemini.readResponseText?.(path);
      }),
    );
  });
});

const ANSWERS = {
  one: { embedding: { values: [0.1, -0.2, 3e-5] }, usageMetadata: { promptTokenCount: 7 } },
  batch: {
    embeddings: [{ values: [0.1, 0.2] }, { values: [] }, { values: [-1] }],
    usageMetadata: {
      promptTokenCount: 7,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 7 }],
    },
  },
};

describe("Gemini embeddings: response", () => {
  it.each(Object.entries(ANSWERS))("%s has its input tokens, by text and by object", (_, body) => {
    const expected = { finishReasons: [], toolCallsCount: 0, usage: { inputTokens: 7 } };
    expect(gemini.readResponse(body)).toEqual(expected);
    expect(gemini.readResponseText?.(JSON.stringify(body))).toEqual(expected);
    expect(gemini.readResponseText?.(JSON.stringify(body, undefined, 2))).toEqual(expected);
  });

  it("without usage has none invented", () => {
    expect(gemini.readResponse({ embedding: { values: [0.1] } })).toEqual({
      finishReasons: [],
      toolCallsCount: 0,
    });
  });

  it("that is an error has its status", () => {
    const body = { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "secret" } };
    expect(gemini.readResponse(body).errorType).toBe("RESOURCE_EXHAUSTED");
  });
});
