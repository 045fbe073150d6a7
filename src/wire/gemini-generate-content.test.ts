import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { geminiGenerateContent as gemini } from "./gemini-generate-content.ts";
import { toLatin1 } from "./latin1.ts";
import { createSseScanner } from "./sse-scanner.ts";

const PATH = "/v1beta/models/gemini-2.5-flash:generateContent";
const STREAM_PATH = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";

describe("Gemini: request", () => {
  it.each([
    [PATH, "gemini-2.5-flash", false],
    [STREAM_PATH, "gemini-2.5-flash", true],
    ["/v1beta/tunedModels/my-model:generateContent", "my-model", false],
    [
      "/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:streamGenerateContent",
      "gemini-2.5-pro",
      true,
    ],
  ])("%s is of %s", (path, model, stream) => {
    expect(gemini.matches("POST", path)).toBe(true);
    expect(gemini.readRequest({}, path)).toMatchObject({
      operation: "generate_content",
      model,
      stream,
    });
  });

  it.each(["/v1beta/models/gemini-2.5-flash:countTokens", "/v1beta/models", "/generateContent"])(
    "%s is none",
    (path) => {
      expect(gemini.matches("POST", path)).toBe(false);
    },
  );

  it("is read without its prompt", () => {
    const request = gemini.readRequest(
      {
        contents: [{ role: "user", parts: [{ text: "secret" }] }],
        tools: [{ functionDeclarations: [{ name: "f" }, { name: "g" }] }, { googleSearch: {} }],
        generationConfig: {
          temperature: 0,
          topP: 0.5,
          topK: 40,
          maxOutputTokens: 100,
          frequencyPenalty: 0.1,
          presencePenalty: 0.2,
          seed: 7,
          candidateCount: 2,
          stopSequences: ["END"],
          responseMimeType: "application/json",
          thinkingConfig: { thinkingLevel: "high" },
        },
      },
      PATH,
    );
    expect(request).toEqual({
      operation: "generate_content",
      model: "gemini-2.5-flash",
      stream: false,
      messagesCount: 1,
      toolsCount: 3,
      parameters: {
        temperature: 0,
        topP: 0.5,
        topK: 40,
        maxTokens: 100,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        seed: 7,
        choiceCount: 2,
        stopSequences: ["END"],
        outputType: "json",
        reasoningLevel: "high",
      },
    });
  });

  it.each([
    [{ responseModalities: ["TEXT", "IMAGE"] }, "image"],
    [{ responseModalities: ["AUDIO"] }, "speech"],
    [{ responseMimeType: "text/plain" }, "text"],
    [{ responseMimeType: "text/x.enum" }, undefined],
  ])("for %o wants %s", (generationConfig, expected) => {
    const { parameters } = gemini.readRequest({ generationConfig }, PATH);
    expect(parameters.outputType).toBe(expected);
  });

  it("reads anything without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (body, path) => {
        gemini.readRequest(body, path);
        gemini.readResponse(body);
      }),
    );
  });
});

const USAGE_METADATA = {
  promptTokenCount: 100,
  cachedContentTokenCount: 60,
  toolUsePromptTokenCount: 7,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 5,
  totalTokenCount: 132,
  promptTokensDetails: [
    { modality: "TEXT", tokenCount: 97 },
    { modality: "AUDIO", tokenCount: 3 },
  ],
  candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 16 }],
};
const USAGE = {
  inputTokens: 107,
  outputTokens: 25,
  cacheReadTokens: 60,
  reasoningTokens: 5,
  inputTextTokens: 97,
  inputAudioTokens: 3,
  outputImageTokens: 16,
};

describe("Gemini: response", () => {
  it("has the thoughts in its output, and the cache in its input", () => {
    expect(
      gemini.readResponse({
        responseId: "r1",
        modelVersion: "gemini-2.5-flash",
        candidates: [
          {
            index: 0,
            finishReason: "STOP",
            content: { parts: [{ text: "secret" }, { functionCall: { name: "f", args: {} } }] },
          },
          { index: 1, finishReason: "MAX_TOKENS", content: {} },
        ],
        usageMetadata: USAGE_METADATA,
      }),
    ).toEqual({
      id: "r1",
      model: "gemini-2.5-flash",
      finishReasons: ["STOP", "MAX_TOKENS"],
      toolCallsCount: 1,
      usage: USAGE,
    });
  });

  it("that has thoughts alone has them for its output", () => {
    const usageMetadata = { promptTokenCount: 10, thoughtsTokenCount: 64 };
    expect(gemini.readResponse({ usageMetadata }).usage).toEqual({
      inputTokens: 10,
      outputTokens: 64,
      reasoningTokens: 64,
    });
  });

  it("to a refused prompt has the reason", () => {
    const body = { promptFeedback: { blockReason: "SAFETY" } };
    expect(gemini.readResponse(body).finishReasons).toEqual(["SAFETY"]);
  });

  it.each([
    [{ code: 429, status: "RESOURCE_EXHAUSTED", message: "secret" }, "RESOURCE_EXHAUSTED"],
    [{ code: 500, message: "secret" }, "_OTHER"],
  ])("that is the error %o has its status", (error, expected) => {
    expect(gemini.readResponse({ error }).errorType).toBe(expected);
    expect(gemini.readResponse([{ error }]).errorType).toBe(expected);
  });
});

function chunk(parts: readonly object[], fields: object = {}, candidatesTokenCount = 1) {
  return {
    candidates: [{ content: { role: "model", parts }, index: 0, ...fields }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount },
    modelVersion: "gemini-2.5-flash",
    responseId: "r1",
  };
}

const CHUNKS = [
  chunk([{ text: "" }], {}, 0),
  chunk([{ text: "Grüße 😀" }]),
  chunk([{ text: '{"finishReason":"STOP"}' }], {}, 2),
  chunk([{ functionCall: { name: "f", args: {} } }], {}, 3),
  chunk([{ text: "bye" }], { finishReason: "STOP" }, 4),
];
const RESPONSE = {
  id: "r1",
  model: "gemini-2.5-flash",
  finishReasons: ["STOP"],
  toolCallsCount: 1,
  usage: { inputTokens: 10, outputTokens: 4 },
};

function read(chunks: readonly object[]) {
  const reader = gemini.streamReader();
  for (const part of chunks) reader.push(toLatin1(Buffer.from(JSON.stringify(part))));
  return reader;
}

describe("Gemini: stream", () => {
  it("reads chunks to the last, and a list of them alike", () => {
    expect(read(CHUNKS).response()).toEqual(RESPONSE);
    expect(read(CHUNKS).complete).toBe(true);
    expect(gemini.readResponse(CHUNKS)).toEqual(RESPONSE);
  });

  it("says the same for a stream split at any byte", () => {
    const text = CHUNKS.map((part) => `data: ${JSON.stringify(part)}\r\n\r\n`).join("");
    const bytes = new TextEncoder().encode(text);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), (points) => {
        const reader = gemini.streamReader();
        const scanner = createSseScanner((payload) => reader.push(payload));
        let start = 0;
        for (const end of [...points.toSorted((a, b) => a - b), bytes.length]) {
          scanner.push(bytes.subarray(start, (start = end)));
        }
        scanner.end();
        expect(reader.response()).toEqual(RESPONSE);
      }),
    );
  });

  it("notices when content begins", () => {
    expect(read(CHUNKS.slice(0, 1)).contentStarted).toBe(false);
    expect(read(CHUNKS.slice(0, 2)).contentStarted).toBe(true);
  });

  it("that is cut has the usage of its last chunk, and is not complete", () => {
    const reader = read(CHUNKS.slice(0, 3));
    expect(reader.complete).toBe(false);
    expect(reader.response().usage).toEqual({ inputTokens: 10, outputTokens: 2 });
  });

  it("keeps the usage where the last chunk has none", () => {
    const last = { candidates: [{ finishReason: "STOP" }] };
    expect(read([...CHUNKS.slice(0, 3), last]).response().usage).toEqual({
      inputTokens: 10,
      outputTokens: 2,
    });
  });

  it("to a refused prompt is complete", () => {
    expect(read([{ promptFeedback: { blockReason: "SAFETY" } }]).complete).toBe(true);
  });

  it("ends with an error in the middle", () => {
    const error = { code: 503, status: "UNAVAILABLE", message: "secret" };
    const reader = read([...CHUNKS.slice(0, 2), { error }]);
    expect(reader.terminated).toBe(true);
    expect(reader.response().errorType).toBe("UNAVAILABLE");
  });

  it("never throws, whatever comes", () => {
    const payload = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ candidates: fc.array(fc.jsonValue()), usageMetadata: fc.jsonValue() })
        .map((fields) => JSON.stringify(fields)),
    );
    fc.assert(
      fc.property(fc.array(payload), (payloads) => {
        const reader = gemini.streamReader();
        for (const text of payloads) reader.push(text);
        reader.response();
      }),
    );
  });
});
