import { describe, expect, it, vi } from "vitest";
import { BASE64, IMAGES } from "../../test/support/openai-media.ts";
import { openAiImages } from "./openai-images.ts";

const READ = {
  finishReasons: [],
  toolCallsCount: 0,
  usage: {
    inputTokens: 300,
    outputTokens: 1072,
    inputTextTokens: 100,
    inputImageTokens: 200,
    outputTextTokens: 16,
    outputImageTokens: 1056,
  },
};

describe("OpenAI images: request", () => {
  it("is making, editing or varying, also of an Azure deployment", () => {
    expect(openAiImages.matches("POST", "/v1/images/generations")).toBe(true);
    expect(openAiImages.matches("POST", "/v1/images/edits")).toBe(true);
    expect(openAiImages.matches("POST", "/v1/images/variations")).toBe(true);
    expect(openAiImages.matches("POST", "/openai/deployments/d/images/generations")).toBe(true);
    expect(openAiImages.matches("GET", "/v1/images/generations")).toBe(false);
    expect(openAiImages.matches("POST", "/images/edits/1")).toBe(false);
  });

  it("is told from another service's by model and prompt", () => {
    expect(openAiImages.recognizes?.({ model: "gpt-image-1", prompt: "A cat" })).toBe(true);
    expect(openAiImages.recognizes?.({ file: "a.png" })).toBe(false);
    expect(openAiImages.recognizes?.(undefined)).toBe(false);
  });

  it("says model, number of images and stream", () => {
    const body = { model: "gpt-image-1", prompt: "A cat", n: 2, stream: true };
    expect(openAiImages.readRequest(body, "/v1/images/generations")).toEqual({
      operation: "generate_content",
      model: "gpt-image-1",
      stream: true,
      messagesCount: 1,
      toolsCount: 0,
      parameters: { outputType: "image", choiceCount: 2 },
    });
  });

  it("says the same as a form, whose values are text", () => {
    const body = { model: "gpt-image-1", prompt: "A cat", n: "2", stream: "true" };
    expect(openAiImages.readRequest(body, "/v1/images/edits")).toMatchObject({
      model: "gpt-image-1",
      stream: true,
      parameters: { outputType: "image", choiceCount: 2 },
    });
  });

  it("says little of an upload that can't be read", () => {
    expect(openAiImages.readRequest(undefined, "/v1/images/variations")).toEqual({
      operation: "generate_content",
      stream: false,
      messagesCount: 0,
      toolsCount: 0,
      parameters: { outputType: "image" },
    });
  });
});

describe("OpenAI images: answer", () => {
  it("says usage with its image parts", () => {
    expect(openAiImages.readResponse(IMAGES)).toEqual(READ);
  });

  it("has no usage with models that bill by image", () => {
    const answer = { created: 1, data: [{ url: "https://images.example/1.png" }] };
    expect(openAiImages.readResponse(answer)).toEqual({ finishReasons: [], toolCallsCount: 0 });
  });

  it("is read from text without parsing an image", () => {
    const text = JSON.stringify(IMAGES, null, 2);
    const parse = vi.spyOn(JSON, "parse");
    const read = openAiImages.readResponseText?.(text);
    const parsed = parse.mock.calls.map(([json]) => json);
    parse.mockRestore();
    expect(read).toEqual(READ);
    expect(parsed.filter((json) => json.includes(BASE64))).toEqual([]);
  });

  it("is not taken in by a prompt that looks like an image", () => {
    const data = [{ revised_prompt: '"b64_json": "', b64_json: BASE64 }];
    const text = JSON.stringify({ ...IMAGES, data });
    expect(openAiImages.readResponseText?.(text)).toEqual(READ);
  });

  it("is none in text that breaks off", () => {
    const text = JSON.stringify(IMAGES);
    expect(openAiImages.readResponseText?.(text.slice(0, 150))).toBeUndefined();
    expect(openAiImages.readResponseText?.(text.slice(0, -1))).toBeUndefined();
  });

  it("says why it was refused", () => {
    const error = { code: "moderation_blocked", type: "image_generation_user_error" };
    expect(openAiImages.readResponse({ error }).errorType).toBe("moderation_blocked");
  });
});
