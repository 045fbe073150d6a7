import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  BASE64,
  imageEvents,
  SPEECH_EVENTS,
  TRANSCRIPT_EVENTS,
} from "../../test/support/openai-media.ts";
import { openAiMediaStreamReader } from "./openai-media-stream.ts";

const IMAGE_USAGE = {
  inputTokens: 300,
  outputTokens: 1072,
  inputTextTokens: 100,
  inputImageTokens: 200,
  outputTextTokens: 16,
  outputImageTokens: 1056,
};

/** As they come off the wire: bytes as Latin-1 characters. */
function payloadOf(event: object): string {
  return Buffer.from(JSON.stringify(event)).toString("latin1");
}

function readerOf(events: readonly object[]) {
  const reader = openAiMediaStreamReader();
  for (const event of events) reader.push(payloadOf(event));
  return reader;
}

describe.each([
  ["a generated image", imageEvents("image_generation"), IMAGE_USAGE],
  ["an edited image", imageEvents("image_edit"), IMAGE_USAGE],
  [
    "a transcript",
    TRANSCRIPT_EVENTS,
    { inputTokens: 14, outputTokens: 45, inputTextTokens: 4, inputAudioTokens: 10 },
  ],
  ["speech", SPEECH_EVENTS, { inputTokens: 14, outputTokens: 101 }],
])("the stream of %s", (_what, events, usage) => {
  it("has content from its first event, and usage in its last", () => {
    const reader = openAiMediaStreamReader();
    expect(reader.contentStarted).toBe(false);
    for (const event of events.slice(0, -1)) {
      reader.push(payloadOf(event));
      expect(reader.contentStarted).toBe(true);
      expect(reader.complete).toBe(false);
    }
    for (const event of events.slice(-1)) reader.push(payloadOf(event));
    expect(reader.complete).toBe(true);
    expect(reader.response()).toEqual({ finishReasons: [], toolCallsCount: 0, usage });
  });

  it("goes on until its connection or its end mark says otherwise", () => {
    const reader = readerOf(events);
    expect(reader.terminated).toBe(false);
    reader.push("[DONE]");
    expect(reader.terminated).toBe(true);
  });
});

describe("the stream of media", () => {
  it("is parsed at its first event and its last, without the images in them", () => {
    const parse = vi.spyOn(JSON, "parse");
    readerOf(imageEvents("image_generation"));
    const parsed = parse.mock.calls.map(([json]) => json);
    parse.mockRestore();
    expect(parsed).toHaveLength(2);
    expect(parsed.filter((json) => json.includes(BASE64))).toEqual([]);
  });

  it("tells the error that ends it", () => {
    const [first = {}] = imageEvents("image_generation");
    const wrapped = { type: "error", error: { code: "moderation_blocked", message: "secret" } };
    expect(readerOf([first, wrapped]).response().errorType).toBe("moderation_blocked");
    const plain = { type: "error", code: "rate_limit_exceeded", message: "secret" };
    expect(readerOf([first, plain]).response().errorType).toBe("rate_limit_exceeded");
    expect(readerOf([plain]).complete).toBe(false);
  });

  it("takes whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (payloads) => {
        const reader = openAiMediaStreamReader();
        for (const payload of payloads) reader.push(payload);
        expect(reader.response().finishReasons).toEqual([]);
      }),
    );
  });
});
