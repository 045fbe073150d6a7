import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { openAiEmbeddings } from "./openai-embeddings.ts";

const PATH = "/v1/embeddings";

function answer(fields: object = {}) {
  return {
    object: "list",
    data: [
      { object: "embedding", index: 0, embedding: [0.1, -0.2] },
      { object: "embedding", index: 1, embedding: "zczMPc3MTL4=" },
    ],
    model: "text-embedding-3-small",
    usage: { prompt_tokens: 8, total_tokens: 8 },
    ...fields,
  };
}

const READ = {
  model: "text-embedding-3-small",
  finishReasons: [],
  toolCallsCount: 0,
  usage: { inputTokens: 8 },
};

describe("OpenAI embeddings: request", () => {
  it("matches the endpoint of OpenAI, of compatible servers and of Azure", () => {
    expect(openAiEmbeddings.matches("POST", PATH)).toBe(true);
    expect(openAiEmbeddings.matches("POST", "/openai/deployments/d/embeddings")).toBe(true);
    expect(openAiEmbeddings.matches("GET", PATH)).toBe(false);
    expect(openAiEmbeddings.matches("POST", "/v1/embeddings/search")).toBe(false);
  });

  it("is told from another service's by model and input", () => {
    expect(openAiEmbeddings.recognizes?.({ model: "m", input: "Hi" })).toBe(true);
    expect(openAiEmbeddings.recognizes?.({ model: "m", prompt: "Hi" })).toBe(true);
    expect(openAiEmbeddings.recognizes?.({ input: "Hi" })).toBe(false);
    expect(openAiEmbeddings.recognizes?.({ model: "m", vector: [1] })).toBe(false);
  });

  it("reads what was sent, and no text", () => {
    const body = {
      model: "text-embedding-3-small",
      input: ["secret", "secret"],
      dimensions: 256,
      encoding_format: "base64",
      user: "secret",
    };
    expect(openAiEmbeddings.readRequest(body, PATH)).toEqual({
      operation: "embeddings",
      model: "text-embedding-3-small",
      stream: false,
      messagesCount: 2,
      toolsCount: 0,
      parameters: { dimensionCount: 256, encodingFormat: "base64" },
    });
  });

  it.each([
    ["a text", "Hi", 1],
    ["texts", ["a", "b", "c"], 3],
    ["tokens", [1, 2, 3], 1],
    ["lists of tokens", [[1, 2], [3]], 2],
    ["nothing", undefined, 0],
  ])("counts input given as %s", (_what, input, count) => {
    expect(openAiEmbeddings.readRequest({ input }, PATH).messagesCount).toBe(count);
  });

  it("takes an Azure deployment for the model where the body names none", () => {
    const path = "/openai/deployments/my%20ada/embeddings";
    expect(openAiEmbeddings.readRequest({}, path).model).toBe("my ada");
  });
});

describe("OpenAI embeddings: response", () => {
  it("reads model and input tokens; output tokens there are none", () => {
    expect(openAiEmbeddings.readResponse(answer())).toEqual(READ);
    const usage = { prompt_tokens: 8, completion_tokens: 0, total_tokens: 8 };
    expect(openAiEmbeddings.readResponse(answer({ usage }))).toEqual(READ);
  });

  it("reads an error", () => {
    const error = { code: "invalid_api_key", message: "secret" };
    expect(openAiEmbeddings.readResponse({ error }).errorType).toBe("invalid_api_key");
  });

  it.each([undefined, 2])("reads a text with indent %j without its vectors", (indent) => {
    const text = JSON.stringify(answer({ data: answer().data }), null, indent);
    const parse = vi.spyOn(JSON, "parse");
    expect(openAiEmbeddings.readResponseText?.(text)).toEqual(READ);
    expect(parse.mock.calls.map(([parsed]) => parsed.includes('embedding":'))).toEqual([false]);
    parse.mockRestore();
  });

  it.each([
    ["has a list after the vectors", answer({ warnings: [] })],
    ["has no usage", answer({ usage: undefined })],
    ["is an error", { error: { code: "invalid_api_key" } }],
  ])("leaves a text that %s to be parsed", (_what, body) => {
    expect(openAiEmbeddings.readResponseText?.(JSON.stringify(body))).toBeUndefined();
  });

  it("reads anything without throwing, from text as it does from JSON", () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(fc.array(fc.double())),
        fc.nat(),
        (body, data, tokens) => {
          openAiEmbeddings.recognizes?.(body);
          openAiEmbeddings.readRequest(body, PATH);
          openAiEmbeddings.readResponse(body);
          openAiEmbeddings.readResponseText?.(JSON.stringify(body));
          const known = answer({ data, usage: { prompt_tokens: tokens } });
          expect(openAiEmbeddings.readResponseText?.(JSON.stringify(known))).toEqual(
            openAiEmbeddings.readResponse(known),
          );
        },
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => void openAiEmbeddings.readResponseText?.(text)));
  });
});
