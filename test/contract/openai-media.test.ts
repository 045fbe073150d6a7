import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  eventStream,
  OPENAI_VERSIONS,
  type OpenAiFixture,
  startOpenAiFixture,
} from "../support/openai-fixture.ts";
import {
  BASE64,
  COMPACTION,
  imageEvents,
  IMAGES,
  MODERATION,
  SPEECH_EVENTS,
  TRANSCRIPT,
  TRANSCRIPT_EVENTS,
} from "../support/openai-media.ts";
import { json } from "../support/scripted-server.ts";

const IMAGE_USAGE = {
  inputTokens: 300,
  outputTokens: 1072,
  inputTextTokens: 100,
  inputImageTokens: 200,
  outputTextTokens: 16,
  outputImageTokens: 1056,
};
const PROMPT = { model: "gpt-image-1", prompt: "A cat", n: 2 };
const SPOKEN = { model: "gpt-4o-mini-tts", input: "Guten Tag", voice: "alloy" as const };

function upload(name: string): File {
  return new File([Buffer.from("bytes")], name, { type: "application/octet-stream" });
}

describe.each(OPENAI_VERSIONS)("images and audio of an observed client of %s", (version) => {
  /** The form of this version's uploads can't be read without consuming it. */
  const readable = !version.startsWith("openai-4");
  let fixture: OpenAiFixture;

  beforeEach(async () => {
    fixture = await startOpenAiFixture(version);
  });

  afterEach(() => fixture.close());

  it("makes images, reported with usage and without a copy of them", async () => {
    fixture.server.answers = [json(IMAGES)];
    const bare = await fixture.bare().images.generate(PROMPT);
    const client = fixture.client();
    const parse = vi.spyOn(JSON, "parse");
    const answer = await client.images.generate(PROMPT);
    const parsed = parse.mock.calls.filter(([text]) => text.includes(BASE64));
    parse.mockRestore();
    expect(answer).toEqual(bare);
    // by the SDK; up to 6 the body parses itself
    expect(parsed.length).toBeLessThanOrEqual(1);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({
      operation: "generate_content",
      wireFormat: "openai.images",
      model: "gpt-image-1",
      outcome: "success",
      messagesCount: 1,
      parameters: { outputType: "image", choiceCount: 2 },
    });
    expect(data.usage).toEqual(IMAGE_USAGE);
    expect(JSON.stringify(fixture.observed.events)).not.toContain(BASE64);
  });

  it("edits an image: an upload whose form is read and left as it is", async () => {
    fixture.server.answers = [json(IMAGES)];
    const image = () => ({ ...PROMPT, image: upload("a.png") });
    const bare = await fixture.bare().images.edit(image());
    expect(await fixture.client().images.edit(image())).toEqual(bare);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({
      model: readable ? "gpt-image-1" : "unknown",
      wireFormat: "openai.images",
      outcome: "success",
      usage: IMAGE_USAGE,
    });
    const [plain, seen] = fixture.server.bodies.map(withoutBoundary);
    expect(seen).toBe(plain);
    expect(seen).toContain("A cat");
  });

  it("transcribes as JSON, with the tokens of the audio", async () => {
    fixture.server.answers = [json(TRANSCRIPT)];
    const file = upload("a.mp3");
    const model = "gpt-4o-transcribe";
    const answer = await fixture.client().audio.transcriptions.create({ file, model });
    expect(answer.text).toBe(TRANSCRIPT.text);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({
      operation: "generate_content",
      wireFormat: "openai.transcriptions",
      model: readable ? model : "unknown",
      outcome: "success",
      parameters: { outputType: "text" },
    });
    expect(data.usage).toEqual({
      inputTokens: 14,
      outputTokens: 45,
      inputTextTokens: 4,
      inputAudioTokens: 10,
    });
  });

  it("translates as text, which stays text", async () => {
    const parts = ["1\n00:00:00,000 --> ", "00:00:03,200\nGood day.\n"];
    fixture.server.answers = [{ contentType: "text/plain", parts }];
    const answer: unknown = await fixture.client().audio.translations.create({
      file: upload("a.mp3"),
      model: "whisper-1",
      response_format: "srt",
    });
    expect(answer).toBe(parts.join(""));
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "success" });
    expect((await fixture.onlyEnd()).usage).toBeUndefined();
  });

  it("speaks: the body is the caller's to read, byte for byte", async () => {
    const bytes = "\u0000\u0001ID3 audio, no JSON";
    fixture.server.answers = [{ contentType: "audio/mpeg", parts: [bytes, bytes] }];
    const response = await fixture.client().audio.speech.create(SPOKEN);
    expect(response.bodyUsed).toBe(false);
    expect(fixture.observed.ended()).toEqual([]);
    const decode = vi.spyOn(Buffer.prototype, "toString");
    const audio = Buffer.from(await response.arrayBuffer());
    const decoded = decode.mock.calls.length;
    decode.mockRestore();
    expect(audio.toString("latin1")).toBe(bytes + bytes);
    expect(decoded).toBe(0);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({
      operation: "generate_content",
      wireFormat: "openai.speech",
      model: "gpt-4o-mini-tts",
      outcome: "success",
      stream: false,
      parameters: { outputType: "speech" },
    });
    expect(data.usage).toBeUndefined();
  });

  it("speaks in pieces, and is abandoned when the caller leaves", async () => {
    const audio = { contentType: "audio/mpeg", parts: ["ID3", "more", "more"], delayMs: 10 };
    fixture.server.answers = [audio, { ...audio, ending: "hang" as const }];
    const client = fixture.client();
    let length = 0;
    const whole = await client.audio.speech.create(SPOKEN);
    for await (const piece of whole.body as AsyncIterable<Uint8Array>) length += piece.length;
    expect(length).toBe(11);
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "success" });
    fixture.observed.events.length = 0;
    const left = await client.audio.speech.create(SPOKEN);
    for await (const _piece of left.body as AsyncIterable<Uint8Array>) break;
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "abandoned" });
  });

  it("tells why speech was refused", async () => {
    const error = { code: "invalid_voice", type: "invalid_request_error", message: "secret" };
    fixture.server.answers = [json({ error }, 400)];
    await expect(fixture.client().audio.speech.create(SPOKEN)).rejects.toThrow();
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "error", errorType: "invalid_voice" });
  });

  it("moderates without tokens", async () => {
    fixture.server.answers = [json(MODERATION)];
    const input = { model: "omni-moderation-latest", input: ["a", "b"] };
    const answer = await fixture.client().moderations.create(input);
    expect(answer.results).toHaveLength(1);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({
      operation: "moderation",
      wireFormat: "openai.moderations",
      model: "omni-moderation-latest",
      messagesCount: 2,
      outcome: "success",
      responseModel: "omni-moderation-latest",
    });
    expect(data.usage).toBeUndefined();
  });
});

describe.each(["openai", "openai-7"] as const)("the newer streams of %s", (version) => {
  let fixture: OpenAiFixture;

  beforeEach(async () => {
    fixture = await startOpenAiFixture(version);
  });

  afterEach(() => fixture.close());

  async function read(stream: AsyncIterable<{ readonly type: string }>): Promise<string[]> {
    const types = [];
    for await (const { type } of stream) types.push(type);
    return types;
  }

  it("partial images", async () => {
    const events = imageEvents("image_generation");
    fixture.server.answers = [eventStream(events)];
    const request = { ...PROMPT, n: 1, stream: true as const, partial_images: 2 };
    const types = await read(await fixture.client().images.generate(request));
    expect(types).toHaveLength(events.length);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({ outcome: "success", stream: true });
    expect(data.usage).toEqual(IMAGE_USAGE);
    expect(data.timeToFirstTokenMs).toBeGreaterThan(0);
  });

  it("a transcript", async () => {
    fixture.server.answers = [eventStream(TRANSCRIPT_EVENTS, "[DONE]")];
    const types = await read(
      await fixture.client().audio.transcriptions.create({
        file: upload("a.mp3"),
        model: "gpt-4o-mini-transcribe",
        stream: true,
      }),
    );
    expect(types).toHaveLength(TRANSCRIPT_EVENTS.length);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({ outcome: "success", stream: true });
    expect(data.usage).toEqual({
      inputTokens: 14,
      outputTokens: 45,
      inputTextTokens: 4,
      inputAudioTokens: 10,
    });
  });

  it("a transcript that breaks off", async () => {
    fixture.server.answers = [eventStream(TRANSCRIPT_EVENTS.slice(0, 2))];
    await read(
      await fixture.client().audio.transcriptions.create({
        file: upload("a.mp3"),
        model: "gpt-4o-mini-transcribe",
        stream: true,
      }),
    );
    expect(await fixture.onlyEnd()).toMatchObject({ outcome: "truncated" });
  });

  it("speech as events", async () => {
    fixture.server.answers = [eventStream(SPEECH_EVENTS)];
    const request = { ...SPOKEN, stream_format: "sse" as const };
    const response = await fixture.client().audio.speech.create(request);
    expect((await response.text()).split("\n\n")).toHaveLength(SPEECH_EVENTS.length + 1);
    const data = await fixture.onlyEnd();
    expect(data).toMatchObject({ outcome: "success", stream: true });
    expect(data.usage).toEqual({ inputTokens: 14, outputTokens: 101 });
  });

  it("and a compaction, which costs tokens", async () => {
    fixture.server.answers = [json(COMPACTION)];
    await fixture.client().responses.compact({ model: "gpt-5.1", input: "Hi" });
    expect(await fixture.onlyEnd()).toMatchObject({
      operation: "chat",
      wireFormat: "openai.responses_compact",
      usage: { inputTokens: 139, outputTokens: 438, cacheReadTokens: 0, reasoningTokens: 64 },
    });
  });
});

/** The boundary of a form is random. */
function withoutBoundary(body: string): string {
  const [boundary = ""] = body.split("\r\n");
  return body.replaceAll(boundary, "--");
}
