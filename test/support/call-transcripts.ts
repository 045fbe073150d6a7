import OpenAI from "openai";
import type { Fetch } from "../../src/clients/index.ts";
import {
  CHAT_REQUEST,
  CHAT_URL,
  JSON_TEXT,
  responseOf,
  type Source,
  sourceOf,
  SSE_TEXT,
} from "./observed-response.ts";

/** Observes nothing, or something: what an application puts around its client and its `fetch`. */
export interface Surroundings {
  readonly client: (client: OpenAI) => OpenAI;
  readonly fetch: (fetch: Fetch) => Fetch;
}

export const BARE: Surroundings = { client: (client) => client, fetch: (fetch) => fetch };

/** The very objects that the provider's side fails with. */
const REFUSED = new TypeError("fetch failed");
const BROKEN = new TypeError("terminated");
const REASON = new DOMException("the caller has left", "AbortError");

const SSE = "text/event-stream";
const PIECES = 6;
const CHAT = { model: "gpt-4o", messages: [{ role: "user" as const, content: "Hi" }] };
const STREAM = { ...CHAT, stream: true as const };

/** What one call meets, and what the application notes of it, in order. */
class Transcript {
  readonly lines: string[] = [];
  source: Source = sourceOf(SSE_TEXT, { pieces: PIECES });

  note(line: string): void {
    this.lines.push(`${line} (${this.source.pulls} pulled)`);
  }

  /** An error by class and text, and whether it is, or is caused by, the very one that was thrown. */
  failed(error: unknown): void {
    const cause = error instanceof Error ? error.cause : undefined;
    const known = [REFUSED, BROKEN, REASON].filter((thrown) => thrown === error).length;
    const caused = [REFUSED, BROKEN, REASON].filter((thrown) => thrown === cause).length;
    const name = error instanceof Error ? error.constructor.name : typeof error;
    this.note(`${name}: ${String(error)}, itself ${known}, caused ${caused}`);
  }
}

type Provider = (transcript: Transcript) => Fetch;

const plain: Provider = () => async () => responseOf(JSON_TEXT);
const refusing: Provider = () => () => Promise.reject(REFUSED);
const failing: Provider = () => async () =>
  responseOf(JSON.stringify({ error: { message: "no", code: "bad" } }), "application/json", 400);
const streaming: Provider = (transcript) => async (_input, init) => {
  const response = responseOf(transcript.source.body, SSE);
  init?.signal?.addEventListener("abort", () => transcript.note("the provider is told"));
  return response;
};
const breaking: Provider = (transcript) => {
  const failure = { after: 2, error: BROKEN };
  transcript.source = sourceOf(SSE_TEXT, { pieces: PIECES, failure });
  return async () => responseOf(transcript.source.body, SSE);
};
const hanging: Provider = (transcript) => (_input, init) =>
  new Promise((_resolve, reject) => {
    transcript.note("sent");
    init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
  });

type Note = (line: string) => void;
type BySdk = (client: OpenAI, note: Note) => Promise<void>;
type ByFetch = (fetch: Fetch, note: Note) => Promise<void>;

async function readAll(chunks: AsyncIterable<unknown>, note: Note, leaveAfter = Infinity) {
  let seen = 0;
  for await (const chunk of chunks) {
    note(chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : JSON.stringify(chunk));
    if (++seen === leaveAfter) break;
  }
  note("read");
}

const sdkPlain: BySdk = async (client, note) =>
  note(JSON.stringify(await client.chat.completions.create(CHAT)));
const sdkStream =
  (leaveAfter?: number): BySdk =>
  async (client, note) => {
    const stream = await client.chat.completions.create(STREAM);
    note("answered");
    await readAll(stream, note, leaveAfter);
  };
const sdkAborted =
  (body: typeof CHAT): BySdk =>
  async (client, note) => {
    const controller = new AbortController();
    const call = client.chat.completions.create(body, { signal: controller.signal });
    setImmediate(() => controller.abort(REASON));
    note(JSON.stringify(await call));
  };
const sdkAbortedInTheMiddle: BySdk = async (client, note) => {
  const controller = new AbortController();
  const { signal } = controller;
  const stream = await client.chat.completions.create(STREAM, { signal });
  let seen = 0;
  await readAll(stream, (line) => {
    note(line);
    if (++seen === 1) controller.abort(REASON);
  });
};
const fetchPlain: ByFetch = async (fetch, note) => {
  const response = await fetch(CHAT_URL, CHAT_REQUEST);
  note(`${response.status} ${response.bodyUsed} ${await response.text()}`);
};
const fetchStream =
  (leaveAfter?: number): ByFetch =>
  async (fetch, note) => {
    const { body } = await fetch(CHAT_URL, CHAT_REQUEST);
    note("answered");
    if (body) await readAll(body, note, leaveAfter);
  };
const fetchAborted: ByFetch = async (fetch, note) => {
  const controller = new AbortController();
  setImmediate(() => controller.abort(REASON));
  await fetch(CHAT_URL, { ...CHAT_REQUEST, signal: controller.signal });
  note("answered");
};

const CALLS: readonly { readonly name: string; readonly provider: Provider; readonly run: Run }[] =
  [
    { name: "sdk: plain", provider: plain, run: { sdk: sdkPlain } },
    { name: "sdk: streamed", provider: streaming, run: { sdk: sdkStream() } },
    { name: "sdk: refused", provider: refusing, run: { sdk: sdkPlain } },
    { name: "sdk: status 400", provider: failing, run: { sdk: sdkPlain } },
    { name: "sdk: broken stream", provider: breaking, run: { sdk: sdkStream() } },
    { name: "sdk: left early", provider: streaming, run: { sdk: sdkStream(1) } },
    { name: "sdk: aborted early", provider: hanging, run: { sdk: sdkAborted(CHAT) } },
    { name: "sdk: aborted later", provider: streaming, run: { sdk: sdkAbortedInTheMiddle } },
    { name: "fetch: plain", provider: plain, run: { fetch: fetchPlain } },
    { name: "fetch: streamed", provider: streaming, run: { fetch: fetchStream() } },
    { name: "fetch: refused", provider: refusing, run: { fetch: fetchPlain } },
    { name: "fetch: status 400", provider: failing, run: { fetch: fetchPlain } },
    { name: "fetch: broken stream", provider: breaking, run: { fetch: fetchStream() } },
    { name: "fetch: left early", provider: streaming, run: { fetch: fetchStream(2) } },
    { name: "fetch: aborted", provider: hanging, run: { fetch: fetchAborted } },
  ];

type Run = { readonly sdk: BySdk } | { readonly fetch: ByFetch };

/** How many calls {@link callTranscripts} makes. */
export const TRANSCRIBED_CALLS = CALLS.length;

/** What an application sees of calls with every kind of end: values, errors and their identity, and when, in order. */
export async function callTranscripts(surroundings: Surroundings): Promise<string[]> {
  const all: string[] = [];
  for (const { name, provider, run } of CALLS) {
    const transcript = new Transcript();
    const fetch = provider(transcript);
    const note = (line: string) => transcript.note(line);
    const running =
      "sdk" in run
        ? run.sdk(
            surroundings.client(new OpenAI({ apiKey: "sk-test", fetch, maxRetries: 0 })),
            note,
          )
        : run.fetch(surroundings.fetch(fetch), note);
    await running.catch((error: unknown) => transcript.failed(error));
    all.push(...transcript.lines.map((line) => `${name}: ${line}`));
  }
  return all;
}
