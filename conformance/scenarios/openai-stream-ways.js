import { ANY, hanging, STREAM, streamed, streamedChat } from "./openai-answers.js";
import { all } from "./reading.js";

const noUsage = { usage: undefined, finishReasons: [] };
const left = streamedChat({ ...noUsage, outcome: "abandoned", errorType: "left_early" });

/** The ways to read a stream that its object offers. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C04-with-response",
    title: "withResponse() of a stream: data is the Stream",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const {
        data,
        response,
        request_id: requestId,
      } = await client().chat.completions.create(STREAM).withResponse();
      return { data, response, requestId, chunks: await all(data) };
    },
  },
  {
    id: "C04-as-response",
    title: "asResponse() of a stream: events by hand",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const response = await client().chat.completions.create(STREAM).asResponse();
      return { used: response.bodyUsed, text: await response.text() };
    },
  },
  {
    id: "C11-object",
    title: "the Stream is the SDK's: class, own keys, controller",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const stream = await client().chat.completions.create(STREAM);
      const before = {
        stream,
        keys: Reflect.ownKeys(stream).map(String),
        controller: stream.controller,
      };
      return { before, chunks: await all(stream), aborted: stream.controller.signal.aborted };
    },
  },
  {
    id: "C23-tee",
    title: "tee(): both branches, at different speeds, are complete",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client, turn }) {
      const [one, other] = (await client().chat.completions.create(STREAM)).tee();
      const slow = async () => {
        const seen = [];
        for await (const each of other) {
          await turn();
          seen.push(each);
        }
        return seen;
      };
      return { one, branches: await Promise.all([all(one), slow()]) };
    },
  },
  {
    id: "C23-one-branch",
    title: "tee(): one branch is read, the other never",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const [one] = (await client().chat.completions.create(STREAM)).tee();
      return all(one);
    },
  },
  {
    id: "C26-manual",
    title: "next() by hand, in parallel",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const iterator = (await client().chat.completions.create(STREAM))[Symbol.asyncIterator]();
      const first = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
      const rest = [];
      for (let next = await iterator.next(); !next.done; next = await iterator.next())
        rest.push(next.value);
      return { first, rest, after: await iterator.next() };
    },
  },
  {
    id: "C26-return-first",
    title: "return() before the first next()",
    answers: [hanging],
    keepsProvider: true,
    reports: [{ ...left, errorType: ANY, responseModel: ANY }],
    async app({ client, collectGarbage, turn }) {
      const leave = async () => {
        const stream = await client().chat.completions.create(STREAM);
        const iterator = stream[Symbol.asyncIterator]();
        return [
          await iterator.return("value"),
          await iterator.next(),
          stream.controller.signal.aborted,
        ];
      };
      const seen = await leave();
      await turn();
      await collectGarbage();
      return seen;
    },
  },
  {
    id: "C26-twice",
    title: "a second iteration fails as it does",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const stream = await client().chat.completions.create(STREAM);
      await all(stream);
      return all(stream).catch((error) => error);
    },
  },
  {
    id: "C27-readable",
    title: "toReadableStream() and back by fromReadableStream()",
    answers: [streamed],
    reports: [streamedChat()],
    async app({ client }) {
      const stream = await client().chat.completions.create(STREAM);
      return all(
        stream.constructor.fromReadableStream(stream.toReadableStream(), new AbortController()),
      );
    },
  },
  {
    id: "C27-cancel",
    title: "toReadableStream(), cancelled after a chunk",
    answers: [hanging],
    reports: [left],
    // the SDK fires its own controller, which is all that fetch gets
    whenRegistered: [{ ...left, outcome: ANY, errorType: ANY }],
    async app({ client, provider }) {
      const stream = await client().chat.completions.create(STREAM);
      const reader = stream.toReadableStream().getReader();
      const first = await reader.read();
      await reader.cancel();
      return [Buffer.from(first.value).toString(), await provider.clientLeft()];
    },
  },
];
