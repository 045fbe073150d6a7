import type OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fetch } from "../../src/clients/index.ts";
import { heapAfterCollection } from "../support/garbage-collection.ts";
import { observedClients, type ObservedClients } from "../support/observed-clients.ts";
import { CHAT_REQUEST, CHAT_URL, responseOf } from "../support/observed-response.ts";

const CHUNKS = 100_000;
/** Where the heap is looked at, in chunks: once everything is warm, and shortly before the end. */
const FIRST_LOOK = 20_000;
const LAST_LOOK = 99_000;
/** The chunks in between are 15 MB; one byte kept of each would be 80 kB. */
const MAX_GROWTH_BYTES = 400_000;
/** Of these the source is asked at every step how far it is. */
const WATCHED_CHUNKS = 500;

const encoder = new TextEncoder();
const CONTENT = {
  id: "chatcmpl-1",
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, delta: { content: "some words of an answer" }, finish_reason: null }],
};
const LAST = [
  { id: "chatcmpl-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { id: "chatcmpl-1", choices: [], usage: { prompt_tokens: 9, completion_tokens: 100_000 } },
];
const event = (payload: object | string) =>
  encoder.encode(`data: ${typeof payload === "string" ? payload : JSON.stringify(payload)}\n\n`);

/** An answer of `chunks` chunks, each made when it is asked for. */
class LongAnswer {
  pulls = 0;
  cancelled = false;
  readonly #chunks: number;

  constructor(chunks = CHUNKS) {
    this.#chunks = chunks;
  }

  readonly fetch: Fetch = async () => {
    const ending = [...LAST.map(event), event("[DONE]")];
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          this.pulls += 1;
          const last = ending[this.pulls - this.#chunks - 1];
          if (this.pulls <= this.#chunks) controller.enqueue(event(CONTENT));
          else if (last) controller.enqueue(last);
          else controller.close();
        },
        cancel: () => void (this.cancelled = true),
      },
      { highWaterMark: 0 },
    );
    return responseOf(body, "text/event-stream");
  };
}

/** Reads an answer to its end; `each` is awaited after every chunk, as by a reader that is slow. */
type Read = (fetch: Fetch, observed: ObservedClients | undefined, each: Each) => Promise<void>;
type Each = (chunk: number) => Promise<void> | undefined;

async function readEach(chunks: AsyncIterable<unknown>, each: Each): Promise<void> {
  let seen = 0;
  for await (const _chunk of chunks) await each(++seen);
}

const bySdk =
  (version: string): Read =>
  async (fetch, observed, each) => {
    // the two majors share the surface that is used here
    const { default: Client } = (await import(version)) as { default: typeof OpenAI };
    const bare = new Client({ apiKey: "sk-test", fetch });
    const client = observed ? observed.clients.observe(bare) : bare;
    const messages = [{ role: "user" as const, content: "Hi" }];
    const body = { model: "gpt-4o", messages, stream: true as const };
    await readEach(await client.chat.completions.create(body), each);
  };

const byFetch: Read = async (fetch, observed, each) => {
  const used = observed ? observed.fetches.observe(fetch) : fetch;
  const body = JSON.stringify({ model: "gpt-4o", messages: [], stream: true });
  const response = await used(CHAT_URL, { ...CHAT_REQUEST, body });
  if (response.body) await readEach(response.body, each);
};

describe.each<[string, Read]>([
  ["openai", bySdk("openai")],
  ["openai-7", bySdk("openai-7")],
  ["fetch", byFetch],
])(`a stream of ${CHUNKS} chunks read through %s`, (_name, read) => {
  let observed: ObservedClients;
  beforeEach(() => void (observed = observedClients()));
  afterEach(() => {
    observed.tracker.shutdown();
    expect(observed.problems).toEqual([]);
  });

  it("leaves nothing on the heap while it is read, and is counted to its end", async () => {
    const heap = new Map<number, number>();
    await read(new LongAnswer().fetch, observed, (chunk) =>
      chunk === FIRST_LOOK || chunk === LAST_LOOK
        ? heapAfterCollection().then((bytes) => void heap.set(chunk, bytes))
        : undefined,
    );
    const growth = (heap.get(LAST_LOOK) ?? Infinity) - (heap.get(FIRST_LOOK) ?? 0);
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
    expect(observed.ended().map(({ data }) => data)).toMatchObject([
      {
        outcome: "success",
        usage: { inputTokens: 9, outputTokens: 100_000 },
        outputChunks: { count: CHUNKS },
      },
    ]);
  }, 20_000);

  it("asks the source for as much as the bare one at every step of a slow reader", async () => {
    const pullsAtEachStep = async (around: ObservedClients | undefined) => {
      const answer = new LongAnswer(WATCHED_CHUNKS);
      const pulls: number[] = [];
      await read(answer.fetch, around, async () => {
        // whatever reads ahead has had time to
        for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
        pulls.push(answer.pulls);
      });
      return { pulls, cancelled: answer.cancelled };
    };
    const bare = await pullsAtEachStep(undefined);
    expect(bare.pulls.length).toBeGreaterThanOrEqual(WATCHED_CHUNKS);
    expect(await pullsAtEachStep(observed)).toEqual(bare);
  }, 20_000);
});
