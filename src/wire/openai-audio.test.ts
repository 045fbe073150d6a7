import { describe, expect, it } from "vitest";
import { TRANSCRIPT, VERBOSE_TRANSCRIPT } from "../../test/support/openai-media.ts";
import { openAiSpeech } from "./openai-speech.ts";
import { openAiTranscriptions } from "./openai-transcriptions.ts";

const NOTHING = { finishReasons: [], toolCallsCount: 0 };

describe("OpenAI transcriptions and translations", () => {
  it("are two paths of one format", () => {
    expect(openAiTranscriptions.matches("POST", "/v1/audio/transcriptions")).toBe(true);
    expect(openAiTranscriptions.matches("POST", "/v1/audio/translations")).toBe(true);
    expect(openAiTranscriptions.matches("POST", "/openai/deployments/w/audio/translations")).toBe(
      true,
    );
    expect(openAiTranscriptions.matches("POST", "/v1/audio/speech")).toBe(false);
  });

  it("are asked for in a form", () => {
    const form = { model: "gpt-4o-transcribe", stream: "true", temperature: "0.2" };
    expect(openAiTranscriptions.readRequest(form, "/v1/audio/transcriptions")).toEqual({
      operation: "generate_content",
      model: "gpt-4o-transcribe",
      stream: true,
      messagesCount: 1,
      toolsCount: 0,
      parameters: { outputType: "text", temperature: 0.2 },
    });
    expect(openAiTranscriptions.recognizes?.(form)).toBe(true);
  });

  it("have no model but Azure's deployment in an upload that can't be read", () => {
    const path = "/openai/deployments/my-whisper/audio/transcriptions";
    const request = openAiTranscriptions.readRequest(undefined, path);
    expect(request).toMatchObject({ model: "my-whisper", stream: false });
    expect(openAiTranscriptions.recognizes?.(undefined)).toBe(false);
  });

  it("tell tokens, of which some are audio", () => {
    expect(openAiTranscriptions.readResponse(TRANSCRIPT)).toEqual({
      ...NOTHING,
      usage: { inputTokens: 14, outputTokens: 45, inputTextTokens: 4, inputAudioTokens: 10 },
    });
  });

  it("tell the seconds that are billed, or else the length of the audio", () => {
    const usage = (body: object) => openAiTranscriptions.readResponse(body).usage;
    expect(usage(VERBOSE_TRANSCRIPT)).toEqual({ inputAudioSeconds: 4 });
    expect(usage({ ...VERBOSE_TRANSCRIPT, usage: undefined })).toEqual({ inputAudioSeconds: 3.2 });
    expect(usage({ text: "", usage: { type: "duration", seconds: -1 } })).toBeUndefined();
  });

  it.each([
    [
      "JSON",
      JSON.stringify(TRANSCRIPT),
      { inputTokens: 14, outputTokens: 45, inputTextTokens: 4, inputAudioTokens: 10 },
    ],
    ["text", "Guten Tag, schöne Welt.\n", undefined],
    ["text that begins like JSON", "{laughs} Guten Tag", undefined],
    ["subtitles", "1\n00:00:00,000 --> 00:00:03,200\nGuten Tag.\n", undefined],
  ])("are read from %s", (_what, text, usage) => {
    expect(openAiTranscriptions.readResponseText?.(text)).toEqual({
      ...NOTHING,
      ...(usage && { usage }),
    });
  });
});

describe("OpenAI speech", () => {
  it("is asked for with a text, and streamed only as events", () => {
    const body = { model: "gpt-4o-mini-tts", input: "Guten Tag", voice: "alloy" };
    expect(openAiSpeech.matches("POST", "/v1/audio/speech")).toBe(true);
    expect(openAiSpeech.recognizes?.(body)).toBe(true);
    expect(openAiSpeech.recognizes?.({ text: "Guten Tag" })).toBe(false);
    expect(openAiSpeech.readRequest(body, "/v1/audio/speech")).toEqual({
      operation: "generate_content",
      model: "gpt-4o-mini-tts",
      stream: false,
      messagesCount: 1,
      toolsCount: 0,
      parameters: { outputType: "speech" },
    });
    const streamed = openAiSpeech.readRequest({ ...body, stream_format: "sse" }, "");
    expect(streamed.stream).toBe(true);
  });

  it("is bytes that say nothing, unless it is refused", () => {
    expect(openAiSpeech.binary).toBe(true);
    expect(openAiSpeech.readResponse(undefined)).toEqual(NOTHING);
    const error = { code: null, type: "invalid_request_error" };
    expect(openAiSpeech.readResponse({ error }).errorType).toBe("invalid_request_error");
  });
});
