import { AsyncLocalStorage } from "node:async_hooks";
import {
  CHAT,
  chat,
  chunks,
  completion,
  delta,
  finish,
  json,
  ok,
  STREAM,
  streamed,
  streamedChat,
  usageChunk,
} from "./openai-answers.js";
import { all } from "./reading.js";

/** Layers that overlap, contexts that are kept, streams that must not be read ahead. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C39-twice",
    title: "a client observed twice, a copy of it too",
    answers: [ok],
    reports: [chat(), chat()],
    async app({ client, observed, Client }) {
      const once = client();
      const twice = observed(observed(once));
      await twice.chat.completions.create(CHAT);
      const copy =
        typeof Client.prototype.withOptions === "function"
          ? observed(twice.withOptions({}))
          : twice;
      return [twice === once, await copy.chat.completions.create(CHAT)];
    },
  },
  {
    id: "C39-observed-fetch",
    title: "an observed client whose fetch option is observed as well",
    answers: [ok],
    reports: [chat()],
    app: ({ client, fetch }) => client({ fetch }).chat.completions.create(CHAT),
  },
  {
    id: "C39-fetch-option",
    title: "a client that is not observed, with the observed fetch as an option",
    answers: [ok, streamed],
    reports: [chat(), streamedChat()],
    async app({ Client, provider, fetch }) {
      const openai = new Client({
        apiKey: "sk-canary-key",
        baseURL: `${provider.url}/v1`,
        maxRetries: 0,
        fetch,
      });
      return [
        await openai.chat.completions.create(CHAT),
        await all(await openai.chat.completions.create(STREAM)),
      ];
    },
  },
  {
    id: "C39-own-fetch",
    title: "an application's own fetch around the global one",
    answers: [ok],
    reports: [chat()],
    async app({ client, log }) {
      const fetch = async (...args) => {
        log("fetch", args.length, args[1]?.method);
        const response = await globalThis.fetch(...args);
        log("answer", response.status, response.bodyUsed);
        return response;
      };
      return client({ fetch }).chat.completions.create(CHAT);
    },
  },
  {
    id: "C39-two-copies",
    title: "two copies of this package observe the same client",
    answers: [ok],
    reports: [chat()],
    async app({ client, observer }) {
      const other = await observer.secondCopy();
      return other.observe(client()).chat.completions.create(CHAT);
    },
  },
  {
    id: "C39-copy-fetch",
    title: "the fetch of another copy below an observed client",
    answers: [ok],
    reports: [chat()],
    async app({ client, observer }) {
      const { fetch } = await observer.secondCopy();
      const wrapped = (...args) => fetch(...args);
      return client({ fetch: wrapped }).chat.completions.create(CHAT);
    },
  },
  {
    id: "C39-unobserve",
    title: "unobserve(): the client is bare again",
    answers: [ok],
    reports: [],
    notRegistered: "there is nothing to take back",
    async app({ client, observer }) {
      const openai = observer.unobserve(client());
      return [Object.keys(openai), await openai.chat.completions.create(CHAT)];
    },
  },
  {
    id: "C38-context",
    title: "the application's AsyncLocalStorage in the call, the loop, callbacks and its own fetch",
    answers: [ok, streamed],
    reports: [chat(), streamedChat()],
    async app({ client, log }) {
      const storage = new AsyncLocalStorage();
      const fetch = (...args) => {
        log("in fetch", storage.getStore());
        return globalThis.fetch(...args);
      };
      const openai = client({ fetch });
      await storage.run("a", async () => {
        await openai.chat.completions.create(CHAT).then(() => log("in then", storage.getStore()));
        log("after", storage.getStore());
      });
      await storage.run("b", async () => {
        for await (const each of await openai.chat.completions.create(STREAM))
          log("in loop", storage.getStore(), each.id);
      });
      return storage.getStore();
    },
  },
  {
    id: "C37-span",
    title: "the application's active span is the same before, in and after the call",
    answers: [ok, streamed],
    under: "app",
    reports: [chat(), streamedChat()],
    async app({ client, api, log }) {
      const openai = client();
      const tracer = api.trace.getTracer("app");
      const run = async (span) => {
        const same = (place) => log(place, api.trace.getActiveSpan() === activeBefore);
        const activeBefore = api.trace.getActiveSpan();
        await openai.chat.completions.create(CHAT).then(() => same("in then"));
        same("after");
        for await (const each of await openai.chat.completions.create(STREAM))
          same(`in loop ${each.object}`);
        same("after the loop");
        span?.end();
      };
      try {
        await tracer.startActiveSpan("app", run);
      } catch (error) {
        if (error.message !== "a tracer that fails") throw error;
        await run();
      }
    },
  },
  {
    id: "C37-interleaved",
    title: "100 calls at once: each gets its own answer",
    answers: [ok],
    reports: Array.from({ length: 100 }, () => chat()),
    async app({ client }) {
      const openai = client();
      const storage = new AsyncLocalStorage();
      const calls = Array.from({ length: 100 }, (_, index) =>
        storage.run(index, async () => {
          await openai.chat.completions.create(CHAT);
          return storage.getStore();
        }),
      );
      return Promise.all(calls);
    },
  },
  {
    id: "C29-pulls",
    title: "the upstream is read as fast as the application reads, no chunk ahead",
    reports: [
      streamedChat({
        usage: undefined,
        finishReasons: [],
        outcome: "abandoned",
        errorType: "left_early",
      }),
    ],
    notRegistered: "it counts what is read below a fetch of its own",
    needs: ({ version }) =>
      Number.parseInt(version) === 4
        ? "its streams are Node.js streams, which read ahead themselves"
        : undefined,
    async app({ client, log, turn, provider }) {
      let pulled = 0;
      const fetch = async () => {
        const body = new ReadableStream(
          {
            pull(controller) {
              pulled += 1;
              // an observer that reads ahead is to be caught, not to run for ever
              if (pulled > 500) return controller.close();
              controller.enqueue(Buffer.from(`data: ${JSON.stringify(chunks[1])}\n\n`));
            },
            cancel: () => log("cancelled at", pulled),
          },
          { highWaterMark: 0 },
        );
        return new Response(body, { headers: { "content-type": "text/event-stream" } });
      };
      const stream = await client({ fetch, baseURL: `${provider.url}/v1` }).chat.completions.create(
        STREAM,
      );
      await turn();
      log("before", pulled);
      let read = 0;
      for await (const each of stream) {
        await turn();
        await turn();
        log("read", each.id, pulled);
        if (++read === 4) break;
      }
      await turn();
      return pulled;
    },
  },
  {
    id: "C29-large",
    title: "a stream of 100,000 chunks: every one, in bounded memory",
    limitMs: 90_000,
    once: true,
    reports: [
      streamedChat({
        usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, reasoningTokens: 5 },
      }),
    ],
    notRegistered: "it is read below a fetch of its own",
    needs: ({ version }) => (Number.parseInt(version) === 4 ? "its own buffers grow" : undefined),
    async app({ client, collectGarbage, provider }) {
      const each = Buffer.from(`data: ${JSON.stringify(delta("canary-answer"))}\n\n`.repeat(100));
      const last = Buffer.from(
        [finish(), usageChunk()].map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""),
      );
      let sent = 0;
      const fetch = async () => {
        const body = new ReadableStream(
          {
            pull(controller) {
              if (sent < 1000) controller.enqueue(each);
              else if (sent === 1000) controller.enqueue(last);
              else controller.close();
              sent += 1;
            },
          },
          { highWaterMark: 0 },
        );
        return new Response(body, { headers: { "content-type": "text/event-stream" } });
      };
      const stream = await client({ fetch, baseURL: `${provider.url}/v1` }).chat.completions.create(
        STREAM,
      );
      await collectGarbage();
      const before = process.memoryUsage().heapUsed;
      let count = 0;
      let grewMb = 0;
      for await (const chunk of stream) {
        count += chunk.choices.length;
        if (count % 20_000 === 0) {
          await collectGarbage();
          grewMb = Math.max(grewMb, (process.memoryUsage().heapUsed - before) / 1e6);
        }
      }
      return { count, bounded: grewMb < 8 };
    },
  },
  {
    id: "C29-body",
    title: "a plain answer of 5 MB",
    answers: [json(completion({ content: "canary-answer ".repeat(360_000) }))],
    reports: [chat()],
    async app({ client }) {
      const answer = await client().chat.completions.create(CHAT);
      return answer.choices[0].message.content.length;
    },
  },
];
