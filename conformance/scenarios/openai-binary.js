import { ANY, chat, failure, json } from "./openai-answers.js";
import { all, rejection } from "./reading.js";

/** Images, speech and text: answers of which no text is told. */
const media = (differs) =>
  chat({
    operation: "generate_content",
    responseModel: undefined,
    usage: undefined,
    finishReasons: [],
    ...differs,
  });

/** Bytes up and down: speech, files, images, batches. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C16-speech",
    title: "speech: the Response, its bytes unread",
    reports: [media({ model: "gpt-4o-mini-tts" })],
    answers: [
      {
        headers: { "content-type": "audio/mpeg" },
        parts: [Buffer.from([1, 2, 250, 0]), Buffer.from([255])],
      },
    ],
    async app({ client }) {
      const response = await client().audio.speech.create({
        model: "gpt-4o-mini-tts",
        voice: "alloy",
        input: "canary-prompt",
      });
      return { response, used: response.bodyUsed, bytes: await response.arrayBuffer() };
    },
  },
  {
    id: "C16-speech-body",
    title: "speech: its body read as a stream",
    reports: [media({ model: "gpt-4o-mini-tts" })],
    answers: [
      {
        headers: { "content-type": "audio/mpeg" },
        parts: [Buffer.from([1, 2, 250, 0]), Buffer.from([255])],
      },
    ],
    async app({ client }) {
      const response = await client().audio.speech.create({
        model: "gpt-4o-mini-tts",
        voice: "alloy",
        input: "canary-prompt",
      });
      return Buffer.concat(await all(response.body));
    },
  },
  {
    id: "C16-content",
    title: "files.content(): bytes and text",
    unclassified: { files: "/files" },
    reports: [],
    answers: [
      {
        headers: { "content-type": "application/octet-stream" },
        parts: [Buffer.from("canary-file\u0000ü")],
      },
    ],
    async app({ client }) {
      const openai = client();
      const first = await openai.files.content("file_1");
      return [
        first.bodyUsed,
        await first.text(),
        (await (await openai.files.content("file_1")).blob()).size,
      ];
    },
  },
  {
    id: "C16-transcription",
    title: "transcription: the upload is read once, the answer is JSON",
    reports: [media({ model: ANY, usage: ANY })],
    answers: [json({ text: "canary-answer", usage: { type: "duration", seconds: 3 } })],
    async app({ client, sdk }) {
      let reads = 0;
      async function* audio() {
        reads += 1;
        yield Buffer.from("canary-audio");
      }
      const file = await toFile(sdk)(audio(), "speech.mp3");
      return [await client().audio.transcriptions.create({ file, model: "whisper-1" }), reads];
    },
  },
  {
    id: "C16-transcription-text",
    title: "transcription with response_format text stays a text",
    reports: [media({ model: ANY })],
    answers: [{ headers: { "content-type": "text/plain" }, parts: ["canary-answer\n"] }],
    async app({ client, sdk }) {
      const file = await toFile(sdk)(Buffer.from("canary-audio"), "speech.mp3");
      return client().audio.transcriptions.create({
        file,
        model: "whisper-1",
        response_format: "text",
      });
    },
  },
  {
    id: "C16-images",
    title: "images.generate() and edit()",
    reports: [media({ model: "gpt-image-1", usage: ANY }), media({ model: ANY, usage: ANY })],
    answers: [
      json({
        created: 1,
        data: [{ b64_json: "Y2FuYXJ5LWltYWdl" }],
        usage: { input_tokens: 5, output_tokens: 50, total_tokens: 55 },
      }),
    ],
    async app({ client, sdk }) {
      const openai = client();
      const image = await toFile(sdk)(Buffer.from("canary-image"), "image.png", {
        type: "image/png",
      });
      return [
        await openai.images.generate({ model: "gpt-image-1", prompt: "canary-prompt" }),
        await openai.images
          .edit({ model: "gpt-image-1", image, prompt: "canary-prompt" })
          .withResponse(),
      ];
    },
  },
  {
    id: "C16-moderation",
    title: "moderations.create()",
    reports: [
      media({ operation: "moderation", model: ANY, responseModel: "omni-moderation-latest" }),
    ],
    answers: [
      json({ id: "modr-1", model: "omni-moderation-latest", results: [{ flagged: false }] }),
    ],
    app: ({ client }) =>
      client().moderations.create({ model: "omni-moderation-latest", input: "canary-prompt" }),
  },
  {
    id: "C16-batch",
    title: "a file uploaded, a batch created, looked at and cancelled",
    unclassified: { files: "/files", batches: "/batches" },
    reports: [],
    answers: [
      json({ id: "file_1", object: "file" }),
      json({ id: "batch_1", status: "validating" }),
      json({ id: "batch_1", status: "completed" }),
      json({ id: "batch_1", status: "cancelling" }),
    ],
    needs: (_subject, sdk) => (make(sdk).batches === undefined ? "no batches" : undefined),
    async app({ client, sdk }) {
      const openai = client();
      const file = await toFile(sdk)(Buffer.from('{"canary-line": 1}\n'), "batch.jsonl");
      return [
        await openai.files.create({ file, purpose: "batch" }),
        await openai.batches.create({
          input_file_id: "file_1",
          endpoint: "/v1/chat/completions",
          completion_window: "24h",
        }),
        await openai.batches.retrieve("batch_1"),
        await openai.batches.cancel("batch_1"),
      ];
    },
  },
  {
    id: "C16-delete",
    title: "DELETE, and an error of a call that is passed through",
    unclassified: { files: "/files" },
    reports: [],
    answers: [json({ id: "file_1", deleted: true }), failure(404, { code: "not_found" })],
    async app({ client, provider }) {
      const openai = client();
      const remove = (openai.files.delete ?? openai.files.del).bind(openai.files);
      return [await remove("file_1"), await rejection(remove("file_1"), provider)];
    },
  },
];

function toFile(sdk) {
  return sdk.toFile ?? sdk.default.toFile ?? sdk.default.default.toFile;
}

function make(sdk) {
  const Client = sdk.default?.default ?? sdk.default ?? sdk;
  return new Client({ apiKey: "sk" });
}
