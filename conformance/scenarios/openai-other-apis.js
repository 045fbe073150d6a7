import {
  ANY,
  chat,
  completion,
  events,
  failure,
  json,
  JSON_HEADERS,
  unanswered,
  CHAT,
  chunk,
} from "./openai-answers.js";
import { all, rejection } from "./reading.js";

const VECTOR = Float32Array.from([0.25, -0.5, 1]);
const EMBEDDING = { model: "text-embedding-3-small", input: ["canary-prompt", "canary-two"] };
const embedded = (vector) => ({
  object: "list",
  data: [{ object: "embedding", index: 0, embedding: vector }],
  model: "text-embedding-3-small",
  usage: { prompt_tokens: 8, total_tokens: 8 },
});
const base64 = Buffer.from(VECTOR.buffer).toString("base64");
const embeddings = (differs = {}) =>
  chat({
    operation: "embeddings",
    model: EMBEDDING.model,
    responseModel: EMBEDDING.model,
    usage: { inputTokens: 8 },
    finishReasons: [],
    ...differs,
  });
const page = (ids, more) =>
  json({
    object: "list",
    data: ids.map((id) => ({ id, object: "file" })),
    has_more: more,
    first_id: ids[0],
    last_id: ids.at(-1),
  });

/** The other APIs of OpenAI. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C03-embeddings",
    title: "embeddings: decoded vectors, withResponse()",
    // older SDKs ask for numbers, newer ones for base64 and decode it
    answers: [json(embedded(base64))],
    reports: [embeddings(), embeddings()],
    async app({ client }) {
      const openai = client();
      return [
        await openai.embeddings.create(EMBEDDING),
        await openai.embeddings.create(EMBEDDING).withResponse(),
      ];
    },
  },
  {
    id: "C03-embeddings-float",
    title: "embeddings as numbers, asResponse()",
    answers: [json(embedded([...VECTOR]))],
    reports: [embeddings(), embeddings()],
    async app({ client }) {
      const openai = client();
      const request = { ...EMBEDDING, encoding_format: "float", dimensions: 3 };
      const response = await openai.embeddings.create(request).asResponse();
      return [await openai.embeddings.create(request), response.bodyUsed, await response.json()];
    },
  },
  {
    id: "C32-embeddings",
    title: "an error status of embeddings",
    answers: [failure(404, { code: "model_not_found" })],
    reports: [
      unanswered({
        operation: "embeddings",
        model: EMBEDDING.model,
        outcome: "error",
        errorType: "model_not_found",
        attempts: ["404"],
      }),
    ],
    app: ({ client, provider }) => rejection(client().embeddings.create(EMBEDDING), provider),
  },
  {
    id: "C03-completions",
    title: "legacy completions, plain",
    answers: [
      json({
        id: "cmpl-1",
        object: "text_completion",
        model: "gpt-3.5-turbo-instruct",
        choices: [{ text: "canary-answer", index: 0, logprobs: null, finish_reason: "length" }],
        usage: { prompt_tokens: 4, completion_tokens: 1, total_tokens: 5 },
      }),
    ],
    reports: [text()],
    app: ({ client }) =>
      client()
        .completions.create({ model: "gpt-3.5-turbo-instruct", prompt: "canary-prompt" })
        .withResponse(),
  },
  {
    id: "C18-completions",
    title: "legacy completions, streamed",
    answers: [
      events([
        chunk({
          object: "text_completion",
          model: "gpt-3.5-turbo-instruct",
          choices: [{ text: "canary-answer", index: 0, finish_reason: null }],
        }),
        chunk({
          object: "text_completion",
          model: "gpt-3.5-turbo-instruct",
          choices: [{ text: "", index: 0, finish_reason: "length" }],
          usage: { prompt_tokens: 4, completion_tokens: 1 },
        }),
        "data: [DONE]\n\n",
      ]),
    ],
    reports: [text({ stream: true })],
    app: async ({ client }) =>
      all(
        await client().completions.create({
          model: "gpt-3.5-turbo-instruct",
          prompt: "canary-prompt",
          stream: true,
        }),
      ),
  },
  {
    id: "C15-page",
    title: "pagination: the page promise, its methods, every item",
    unclassified: { files: "/files" },
    reports: [],
    answers: [page(["file_1", "file_2"], true), page(["file_3"], false)],
    async app({ client }) {
      const openai = client();
      const promise = openai.files.list({ limit: 2 });
      const first = await promise;
      const next = first.hasNextPage?.() ? await first.getNextPage() : undefined;
      return {
        promise: promise.constructor.name,
        keys: Object.keys(first),
        data: first.data,
        next: next?.data,
      };
    },
  },
  {
    id: "C15-iterate",
    title: "pagination: for await over the promise",
    unclassified: { files: "/files" },
    reports: [],
    answers: [page(["file_1", "file_2"], true), page(["file_3"], false)],
    app: async ({ client }) => all(client().files.list({ limit: 2 })),
  },
  {
    id: "C15-models",
    title: "models.list() and retrieve(): passed through",
    unclassified: { models: "/models" },
    reports: [],
    answers: [
      json({
        object: "list",
        data: [{ id: "gpt-4o", object: "model", created: 1, owned_by: "x" }],
      }),
      json({ id: "gpt-4o", object: "model" }),
    ],
    async app({ client }) {
      const openai = client();
      return [
        await all(openai.models.list()),
        await openai.models.retrieve("gpt-4o").withResponse(),
      ];
    },
  },
  {
    id: "C12-azure",
    title: "AzureOpenAI: its own class, URL and headers",
    answers: [json(completion())],
    reports: [chat({ provider: ANY })],
    needs: (_subject, sdk) => (sdk.AzureOpenAI === undefined ? "no AzureOpenAI" : undefined),
    async app({ sdk, observed, provider }) {
      const azure = observed(
        new sdk.AzureOpenAI({
          apiKey: "canary-key",
          endpoint: provider.url,
          apiVersion: "2024-10-21",
          deployment: "deployment-1",
          maxRetries: 0,
        }),
      );
      return {
        instance: azure instanceof sdk.AzureOpenAI,
        answer: await azure.chat.completions.create(CHAT),
      };
    },
  },
  {
    id: "C12-subclass",
    title: "a client of a class that the application derived, with its own prepareRequest",
    answers: [json(completion())],
    reports: [chat()],
    async app({ Client, observed, provider, log }) {
      class Mine extends Client {
        #secret = "private";
        async prepareRequest(request, context) {
          log("prepareRequest", this.#secret, typeof context?.url);
          await super.prepareRequest(request, context);
        }
      }
      const mine = observed(
        new Mine({ apiKey: "sk-canary-key", baseURL: `${provider.url}/v1`, maxRetries: 0 }),
      );
      return [
        mine instanceof Mine,
        await mine.chat.completions.create(CHAT),
        JSON.stringify(JSON_HEADERS),
      ];
    },
  },
];

function text(differs = {}) {
  const model = "gpt-3.5-turbo-instruct";
  return chat({
    operation: "text_completion",
    model,
    responseModel: model,
    usage: { inputTokens: 4, outputTokens: 1 },
    finishReasons: ["length"],
    ...differs,
  });
}
