import type OpenAI from "openai";
import type { Fetch } from "../../src/clients/index.ts";
import type { Outcome } from "../../src/events/index.ts";
import { turns } from "./storm-provider.ts";

/** One call of a storm, as the application makes it. */
export interface StormCall {
  readonly openai: OpenAI;
  readonly fetch: Fetch;
  /** By which the provider knows it. */
  readonly user: string;
  /** Turns, or chunks, after which the caller leaves. */
  readonly after: number;
}

/** What an application does with one call. */
export interface StormUse {
  readonly run: (call: StormCall) => Promise<unknown>;
  /** The caller goes away before the headers: the provider never answers. */
  readonly early?: true;
  /** How a good answer ends. */
  readonly outcome: Outcome;
  /** How an answer that is cut off ends, where that differs. */
  readonly cut?: Outcome;
  /** The SDK does not send a refused request again. */
  readonly plainFetch?: true;
}

const MODEL = "gpt-4o-mini";
const messages = [{ role: "user" as const, content: "hello" }];
const URL = "https://api.openai.com/v1/chat/completions";

type Signal = { readonly signal?: AbortSignal };

function plain({ openai, user }: StormCall, options: Signal & { timeout?: number } = {}) {
  return openai.chat.completions.create({ model: MODEL, messages, user }, options);
}

function streamed({ openai, user }: StormCall, options: Signal = {}) {
  const stream_options = { include_usage: true };
  const body = { model: MODEL, messages, user, stream: true as const, stream_options };
  return openai.chat.completions.create(body, options);
}

function send({ fetch, user }: StormCall, { stream = false, ...init }: RequestInit & Flag = {}) {
  const body = JSON.stringify({ model: MODEL, messages, user, stream });
  const headers = { "content-type": "application/json" };
  return fetch(URL, { method: "POST", headers, body, ...init });
}

interface Flag {
  readonly stream?: boolean;
}

async function bodyOf(call: StormCall, init: RequestInit = {}) {
  const { body } = await send(call, { ...init, stream: true });
  if (body === null) throw new Error("no body");
  return body;
}

async function readAll(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _chunk of chunks);
}

async function leaveAfter(chunks: AsyncIterable<unknown>, count: number): Promise<void> {
  let seen = 0;
  for await (const _chunk of chunks) if (++seen >= count) break;
}

/** Goes on reading after `leave`, as an application does that leaves by a signal. */
async function readOn(chunks: AsyncIterable<unknown>, count: number, leave: () => void) {
  let seen = 0;
  for await (const _chunk of chunks) if (++seen === count) leave();
}

function abortLater({ after }: StormCall): AbortSignal {
  const controller = new AbortController();
  void turns(after).then(() => controller.abort());
  return controller.signal;
}

const whole = (run: StormUse["run"]): StormUse => ({ run, outcome: "success", cut: "truncated" });
const left = (run: StormUse["run"]): StormUse => ({ run, outcome: "abandoned" });
const aborted = (run: StormUse["run"]): StormUse => ({ run, outcome: "aborted" });
const early = (run: StormUse["run"], outcome: Outcome = "aborted"): StormUse => ({
  run,
  outcome,
  early: true,
});

const BY_SDK: Readonly<Record<string, StormUse>> = {
  "sdk: plain": whole((call) => plain(call)),
  "sdk: plain, awaited twice": whole((call) => {
    const promise = plain(call);
    return Promise.all([promise, promise]);
  }),
  "sdk: streamed": whole(async (call) => readAll(await streamed(call))),
  "sdk: withResponse()": whole(async (call) => readAll((await streamed(call).withResponse()).data)),
  "sdk: tee(), both read": whole(async (call) => {
    const branches = (await streamed(call)).tee();
    await Promise.all(branches.map(async (branch) => readAll(branch)));
  }),
  "sdk: tee(), one left": whole(async (call) => {
    const [branch] = (await streamed(call)).tee();
    await readAll(branch);
  }),
  "sdk: toReadableStream()": whole(async (call) =>
    readAll((await streamed(call)).toReadableStream() as ReadableStream<Uint8Array>),
  ),
  "sdk: asResponse(), read": whole(async (call) => (await plain(call).asResponse()).text()),
  "sdk: asResponse(), unread": left((call) => plain(call).asResponse()),
  "sdk: asResponse(), cancelled": left(async (call) =>
    (await plain(call).asResponse()).body?.cancel(),
  ),
  "sdk: stream never read": left((call) => streamed(call)),
  "sdk: break": left(async (call) => leaveAfter(await streamed(call), call.after)),
  "sdk: throw in the loop": left(async (call) => {
    for await (const _chunk of await streamed(call)) throw new Error("of the application");
  }),
  "sdk: signal in the middle": aborted(async (call) => {
    const controller = new AbortController();
    const stream = await streamed(call, { signal: controller.signal });
    await readOn(stream, call.after, () => controller.abort());
  }),
  "sdk: signal before the headers": early((call) => plain(call, { signal: abortLater(call) })),
  "sdk: signal before the call": early((call) => streamed(call, { signal: AbortSignal.abort() })),
  "sdk: time-out": early((call) => plain(call, { timeout: call.after }), "error"),
};

const BY_FETCH: Readonly<Record<string, StormUse>> = {
  "fetch: json()": whole(async (call) => (await send(call)).json()),
  "fetch: text() of a stream": whole(async (call) => (await send(call, { stream: true })).text()),
  "fetch: blob()": whole(async (call) => (await send(call)).blob()),
  "fetch: loop": whole(async (call) => readAll(await bodyOf(call))),
  "fetch: pipe": whole(async (call) =>
    readAll((await bodyOf(call)).pipeThrough(new TransformStream())),
  ),
  "fetch: tee(), both read": whole(async (call) => {
    const branches = (await bodyOf(call)).tee();
    await Promise.all(branches.map(async (branch) => readAll(branch)));
  }),
  "fetch: tee(), one left": whole(async (call) => readAll((await bodyOf(call)).tee()[0])),
  "fetch: clone(), one left": whole(async (call) => {
    const response = await send(call);
    return [response, await response.clone().text()];
  }),
  "fetch: unread": left((call) => send(call, { stream: true })),
  "fetch: body cancelled": left(async (call) => (await bodyOf(call)).cancel()),
  "fetch: reader cancelled": left(async (call) => {
    const reader = (await bodyOf(call)).getReader();
    await reader.read();
    await reader.cancel();
  }),
  "fetch: break": left(async (call) => leaveAfter(await bodyOf(call), call.after)),
  "fetch: signal in the middle": aborted(async (call) => {
    const controller = new AbortController();
    const body = await bodyOf(call, { signal: controller.signal });
    await readOn(body, call.after, () => controller.abort());
  }),
  "fetch: signal before the headers": early((call) => send(call, { signal: abortLater(call) })),
};

/** Everything that the calls of a storm may do, by name. */
export const STORM_USES: Readonly<Record<string, StormUse>> = {
  ...BY_SDK,
  ...Object.fromEntries(
    Object.entries(BY_FETCH).map(([name, use]) => [name, { ...use, plainFetch: true as const }]),
  ),
};
