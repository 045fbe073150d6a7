import {
  CHAT,
  chat,
  ok,
  failure,
  STREAM,
  streamed,
  streamedChat,
  json,
  completion,
  unanswered,
} from "./openai-answers.js";

/** One answer, asked for and read in every way that the SDK has. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C01-await-twice",
    title: "one promise awaited twice, and by Promise.all: one request, one object",
    answers: [ok],
    reports: [chat()],
    async app({ client }) {
      const call = client().chat.completions.create(CHAT);
      const first = await call;
      const [second, third] = await Promise.all([call, call.then((answer) => answer)]);
      return { first, same: first === second && second === third, requestId: first._request_id };
    },
  },
  {
    id: "C01-observers",
    title: "then, asResponse and withResponse of one promise",
    answers: [ok],
    reports: [chat()],
    async app({ client }) {
      const call = client().chat.completions.create(CHAT);
      const data = await call;
      const raw = await call.asResponse();
      const { data: again, response } = await call.withResponse();
      return { same: data === again, raw, sameResponse: raw === response };
    },
  },
  {
    id: "C01-promise",
    title: "the promise is the SDK's own: class, own keys, catch and finally",
    answers: [ok],
    reports: [chat()],
    async app({ client, log }) {
      const call = client().chat.completions.create(CHAT);
      const keys = Reflect.ownKeys(call)
        .map(String)
        .filter((key) => !key.startsWith("Symbol("));
      const parts = [call, call.catch(() => {}), call.finally(() => log("finally"))];
      await Promise.all(parts);
      return { parts, keys, text: String(call) };
    },
  },
  {
    id: "C01-lazy",
    title: "the request goes out at the call, the body is read when it is asked for",
    answers: [ok],
    reports: [chat()],
    async app({ client, provider, turn }) {
      const call = client().chat.completions.create(CHAT);
      const sent = await provider.arrived(1);
      const response = await call.asResponse();
      await turn();
      const before = response.bodyUsed;
      await call;
      return { sent, before, after: response.bodyUsed };
    },
  },
  {
    id: "C02-as-response",
    title: "asResponse(): the real Response, its body unread",
    answers: [ok],
    reports: [chat()],
    async app({ client }) {
      const response = await client().chat.completions.create(CHAT).asResponse();
      const real = response instanceof Response || response.constructor.name;
      const before = response.bodyUsed;
      const body = await response.json();
      return { response, real, before, body, after: response.bodyUsed };
    },
  },
  ...["text", "arrayBuffer", "blob", "clone", "iteration", "reader"].map((way) => ({
    id: `C02-read-by-${way}`,
    title: `asResponse() read by ${way}`,
    answers: [ok],
    reports: [chat()],
    app: async ({ client }) => read(await client().chat.completions.create(CHAT).asResponse(), way),
  })),
  {
    id: "C02-read-twice",
    title: "a body read a second time fails as it does",
    answers: [ok],
    reports: [chat()],
    async app({ client }) {
      const response = await client().chat.completions.create(CHAT).asResponse();
      await response.text();
      return response.text().catch((error) => error);
    },
  },
  {
    id: "C02-cancelled",
    title: "asResponse(): the body cancelled",
    answers: [{ ...ok, ending: "hang" }],
    reports: [
      chat({
        outcome: "abandoned",
        errorType: "left_early",
        responseModel: undefined,
        usage: undefined,
        finishReasons: [],
      }),
    ],
    needs: ({ version }) =>
      Number.parseInt(version) === 4
        ? "its bodies are Node.js streams: nothing to cancel"
        : undefined,
    async app({ client, provider }) {
      const response = await client().chat.completions.create(CHAT).asResponse();
      const cancelled = await response.body.cancel();
      return { cancelled, left: await provider.clientLeft() };
    },
  },
  {
    id: "C03-with-response",
    title: "withResponse(): data, response and request id",
    answers: [ok],
    reports: [chat()],
    app: ({ client }) => client().chat.completions.create(CHAT).withResponse(),
  },
  {
    id: "C12-identity",
    title: "the client is the same object: class, keys, JSON, toString",
    reports: [],
    app({ client, Client }) {
      const observed = client();
      return {
        instance: observed instanceof Client,
        constructor: observed.constructor === Client,
        keys: Object.keys(observed),
        resources: Object.keys(observed).filter((key) => typeof observed[key] === "object"),
        json: JSON.stringify(
          Object.keys(
            JSON.parse(JSON.stringify({ ...observed, fetch: undefined, chat: undefined }, plain)),
          ),
        ),
        text: String(observed),
        prototype: Object.getPrototypeOf(observed) === Client.prototype,
        frozen: Object.isFrozen(observed),
      };
    },
  },
  {
    id: "C12-base-url",
    title: "a base URL changed after observing takes effect",
    answers: [ok],
    reports: [chat()],
    async app({ client, provider }) {
      const observed = client({ baseURL: "http://127.0.0.1:1/v1" });
      observed.baseURL = `${provider.url}/v1`;
      return observed.chat.completions.create(CHAT);
    },
  },
  {
    id: "C12-api-key",
    title: "an API key changed after observing takes effect",
    answers: [ok],
    reports: [chat()],
    async app({ client }) {
      const observed = client();
      observed.apiKey = "sk-canary-key-2";
      return observed.chat.completions.create(CHAT);
    },
  },
  {
    id: "C13-with-options",
    title: "withOptions(): the copy is of the same class and observed once, retries as attempts",
    answers: [failure(500, {}, { "retry-after-ms": "1" }), ok],
    reports: [chat({ attempts: ["500", "ok"] })],
    needs: (_subject, sdk) => (hasMethod(sdk, "withOptions") ? undefined : "no withOptions()"),
    async app({ client, Client }) {
      const copy = client().withOptions({ maxRetries: 1 });
      return { instance: copy instanceof Client, answer: await copy.chat.completions.create(CHAT) };
    },
  },
  {
    id: "C13-resource",
    title: "a resource held in a variable, a method bound and detached",
    answers: [ok],
    reports: [chat(), chat()],
    async app({ client }) {
      const { completions } = client().chat;
      const create = completions.create.bind(completions);
      return [
        await completions.create(CHAT),
        await create(CHAT),
        create.name,
        completions.create.length,
      ];
    },
  },
  {
    id: "C28-body",
    title: "the request's bytes: every parameter, header and query the caller gave",
    answers: [ok],
    reports: [chat()],
    app: ({ client }) =>
      client({
        defaultHeaders: { "X-App": "ä".normalize("NFC").length.toString() },
        defaultQuery: { v: "1" },
        organization: "org",
        project: "proj",
      }).chat.completions.create(
        {
          ...CHAT,
          temperature: 0.3,
          seed: 7,
          stop: ["\n"],
          user: "canary-user",
          metadata: { note: "canary-metadata" },
          tools: [
            {
              type: "function",
              function: { name: "f", description: "canary-tool", parameters: { type: "object" } },
            },
          ],
          messages: [...CHAT.messages, { role: "user", content: "canary-ünïcode 🦜 \u2028" }],
        },
        { headers: { "X-Call": "1", "Idempotency-Key": "key" }, query: { a: "b" } },
      ),
  },
  {
    id: "C28-stream-body",
    title: "the request's bytes of a stream: no stream_options added",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const stream = await client().chat.completions.create({ ...CHAT, stream: true });
      const seen = [];
      for await (const each of stream) seen.push(each);
      return seen;
    },
  },
  {
    id: "C28-frozen",
    title: "frozen parameters are left alone, getters are read as often as before",
    answers: [ok, streamed],
    reports: [chat(), streamedChat()],
    async app({ client }) {
      const openai = client();
      let reads = 0;
      const counted = {
        ...CHAT,
        get seed() {
          reads += 1;
          return 1;
        },
      };
      await openai.chat.completions.create(Object.freeze(counted));
      const frozen = Object.freeze({
        ...STREAM,
        messages: Object.freeze(CHAT.messages.map(Object.freeze)),
      });
      for await (const each of await openai.chat.completions.create(
        frozen,
        Object.freeze({ timeout: 3000 }),
      ))
        void each;
      return { reads, keys: Object.keys(frozen) };
    },
  },
  {
    id: "C28-bad-arguments",
    title: "what can't be sent fails at the same moment, the same way",
    answers: [failure(400)],
    reports: [unanswered({ outcome: "error", errorType: "TypeError" })],
    whenRegistered: [],
    app({ client, log }) {
      const circular = { ...CHAT };
      circular.self = circular;
      return attempt(() => client().chat.completions.create(circular), log);
    },
  },
  {
    id: "C12-plain-get",
    title: "client.get(), post() and request() of any path",
    answers: [json({ any: "answer" }), json(completion())],
    unclassified: { other: "/any/" },
    reports: [chat()],
    async app({ client }) {
      const openai = client();
      const any = await openai.get("/any/path", { query: { q: "1" } });
      return [any, await openai.post("/chat/completions", { body: CHAT })];
    },
  },
];

function plain(_key, value) {
  return typeof value === "object" && value !== null && value.constructor !== Object
    ? undefined
    : value;
}

function hasMethod(sdk, name) {
  return typeof (sdk.default?.default ?? sdk.default ?? sdk).prototype[name] === "function";
}

async function attempt(call, log) {
  let promise;
  try {
    promise = call();
    log("returned");
  } catch (error) {
    return { sync: error };
  }
  return promise.then(
    (value) => ({ value }),
    (error) => ({ rejected: error }),
  );
}

async function read(response, way) {
  if (way === "text") return response.text();
  if (way === "arrayBuffer") return response.arrayBuffer();
  if (way === "blob") return (await response.blob()).text();
  if (way === "clone") return [await response.clone().json(), await response.text()];
  if (way === "iteration") {
    const parts = [];
    for await (const part of response.body) parts.push(part);
    return Buffer.concat(parts).toString();
  }
  // older SDKs give a Node.js stream
  if (typeof response.body.getReader !== "function")
    return { read: response.body.read?.length, text: await response.text() };
  const reader = response.body.getReader();
  const parts = [];
  for (let next = await reader.read(); !next.done; next = await reader.read())
    parts.push(next.value);
  await reader.closed;
  reader.releaseLock();
  return { text: Buffer.concat(parts).toString(), locked: response.body.locked };
}
