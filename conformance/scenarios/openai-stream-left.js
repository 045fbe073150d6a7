import {
  ANY,
  CHAT,
  chunks,
  DONE,
  events,
  hanging,
  STREAM,
  streamedChat,
  unanswered,
  ok,
} from "./openai-answers.js";
import { rejection, untilError } from "./reading.js";

const noUsage = { usage: undefined, finishReasons: [] };
const left = streamedChat({ ...noUsage, outcome: "abandoned", errorType: "left_early" });
/** The request has to be on its way by then, on a busy machine as well. */
const TIME_OUT_MS = 1_500;
const stopped = streamedChat({ ...noUsage, outcome: "aborted", errorType: "signal" });

/** Streams and calls that end before their time: left, aborted, cut, dropped. @type {readonly import("./scenario.js").Scenario[]} */
export const scenarios = [
  {
    id: "C24-held",
    title: "a stream that is never read, and kept: ended at the idle limit",
    answers: [hanging],
    reports: [{ ...left, errorType: "idle", responseModel: ANY }],
    keepsProvider: true,
    notRegistered: "the idle limit is 5 minutes",
    async app({ client, hold }) {
      hold(await client().chat.completions.create(STREAM));
      return "held";
    },
  },
  {
    id: "C19-break",
    title: "break in the loop: the request is given up at once",
    answers: [hanging],
    reports: [left],
    // the SDK fires its own controller, which is all that fetch gets
    whenRegistered: [{ ...left, outcome: ANY, errorType: ANY }],
    async app({ client, provider }) {
      const stream = await client().chat.completions.create(STREAM);
      const seen = [];
      for await (const each of stream) {
        seen.push(each);
        break;
      }
      return { seen, aborted: stream.controller.signal.aborted, left: await provider.clientLeft() };
    },
  },
  {
    id: "C19-return",
    title: "return in the loop",
    answers: [hanging],
    reports: [left],
    // the SDK fires its own controller, which is all that fetch gets
    whenRegistered: [{ ...left, outcome: ANY, errorType: ANY }],
    async app({ client, provider }) {
      const stream = await client().chat.completions.create(STREAM);
      const first = async () => {
        for await (const each of stream) return each;
      };
      return [await first(), await provider.clientLeft()];
    },
  },
  {
    id: "C19-throw",
    title: "an error thrown in the loop is the one that comes out",
    answers: [hanging],
    reports: [left],
    // the SDK fires its own controller, which is all that fetch gets
    whenRegistered: [{ ...left, outcome: ANY, errorType: ANY }],
    async app({ client, provider }) {
      const mine = new Error("mine");
      const stream = await client().chat.completions.create(STREAM);
      try {
        for await (const each of stream) if (each) throw mine;
      } catch (error) {
        return [error === mine, stream.controller.signal.aborted, await provider.clientLeft()];
      }
    },
  },
  {
    id: "C20-before",
    title: "a signal that has fired before the call",
    answers: [ok],
    reports: [unanswered({ outcome: "aborted", errorType: "signal" })],
    // the SDK gives it up before it calls fetch
    whenRegistered: [],
    app: ({ client, provider }) =>
      rejection(client().chat.completions.create(CHAT, { signal: AbortSignal.abort() }), provider),
  },
  {
    id: "C20-waiting",
    title: "a signal that fires before the headers",
    answers: [{ ...ok, delayMs: 60_000 }],
    reports: [unanswered({ outcome: "aborted", errorType: "signal", attempts: ANY })],
    async app({ client, provider }) {
      const controller = new AbortController();
      const call = client().chat.completions.create(CHAT, { signal: controller.signal });
      const caught = rejection(call, provider);
      await provider.arrived(1);
      controller.abort();
      return [await caught, await provider.clientLeft()];
    },
  },
  {
    id: "C20-reason",
    title: "a signal that fires with a reason of the caller's own",
    answers: [{ ...ok, delayMs: 60_000 }],
    reports: [unanswered({ outcome: "aborted", errorType: "signal", attempts: ANY })],
    async app({ client, provider }) {
      const controller = new AbortController();
      const caught = rejection(
        client().chat.completions.create(CHAT, { signal: controller.signal }),
        provider,
      );
      await provider.arrived(1);
      controller.abort(new Error("canary-reason"));
      return caught;
    },
  },
  {
    id: "C20-mid-stream",
    title: "a signal that fires in the middle of a stream: the loop ends silently",
    answers: [hanging],
    reports: [stopped],
    async app({ client, provider }) {
      const controller = new AbortController();
      const stream = await client().chat.completions.create(STREAM, { signal: controller.signal });
      const seen = [];
      for await (const each of stream) {
        seen.push(each);
        if (seen.length === 2) controller.abort();
      }
      return [seen, await provider.clientLeft()];
    },
  },
  {
    id: "C20-controller",
    title: "stream.controller.abort()",
    answers: [hanging],
    reports: [{ ...left, outcome: ANY, errorType: ANY }],
    async app({ client, provider }) {
      const stream = await client().chat.completions.create(STREAM);
      const seen = [];
      for await (const each of stream) {
        seen.push(each);
        if (seen.length === 2) stream.controller.abort();
      }
      return [seen, await provider.clientLeft()];
    },
  },
  {
    id: "C20-timeout",
    title: "the SDK's time-out before the headers",
    answers: [{ ...ok, delayMs: 60_000 }],
    reports: [
      unanswered({ outcome: "error", errorType: "APIConnectionTimeoutError", attempts: ANY }),
    ],
    // the SDK's time-out is a signal to fetch
    whenRegistered: [unanswered({ outcome: "aborted", errorType: "signal" })],
    app: ({ client, provider }) =>
      rejection(client().chat.completions.create(CHAT, { timeout: TIME_OUT_MS }), provider),
  },
  {
    id: "C20-signal-timeout",
    title: "AbortSignal.timeout()",
    answers: [{ ...ok, delayMs: 60_000 }],
    reports: [unanswered({ outcome: "aborted", errorType: ANY, attempts: ANY })],
    app: ({ client, provider }) =>
      rejection(
        client().chat.completions.create(CHAT, { signal: AbortSignal.timeout(TIME_OUT_MS) }),
        provider,
      ),
  },
  {
    id: "C21-cut",
    title: "the connection breaks in mid-stream: the chunks before it, then the SDK's error",
    answers: [events(chunks.slice(0, 4), { ending: "cut" })],
    reports: [streamedChat({ ...noUsage, outcome: "truncated", errorType: ANY })],
    app: ({ client }) => untilError(() => client().chat.completions.create(STREAM)),
  },
  {
    id: "C21-cut-plain",
    title: "the connection breaks in the middle of a plain answer",
    answers: [{ ...ok, ending: "cut" }],
    reports: [
      streamedChat({
        stream: false,
        responseModel: ANY,
        ...noUsage,
        outcome: "truncated",
        errorType: ANY,
      }),
    ],
    app: ({ client, provider }) => rejection(client().chat.completions.create(CHAT), provider),
  },
  {
    id: "C21-error-event",
    title: "an error event in the stream",
    answers: [
      events([
        chunks[0],
        chunks[1],
        { error: { message: "canary-error", type: "server_error", code: "overloaded" } },
      ]),
    ],
    reports: [streamedChat({ ...noUsage, outcome: "error", errorType: "overloaded" })],
    app: ({ client }) => untilError(() => client().chat.completions.create(STREAM)),
  },
  {
    id: "C21-garbage",
    title: "an event that is no JSON",
    answers: [events([chunks[0], "data: {canary-garbage\n\n", chunks[1], DONE])],
    reports: [streamedChat({ ...noUsage, outcome: ANY, errorType: ANY })],
    app: ({ client }) => untilError(() => client().chat.completions.create(STREAM)),
  },
  {
    id: "C24-dropped",
    title: "a stream that is never read, and dropped: nothing is pulled, nothing leaks",
    answers: [hanging],
    reports: [{ ...left, errorType: ANY, responseModel: ANY }],
    keepsProvider: true,
    async app({ client, collectGarbage, turn }) {
      const drop = async () => void (await client().chat.completions.create(STREAM));
      await drop();
      await turn();
      await collectGarbage();
      return "dropped";
    },
  },
];
