import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { responseOf, sourceOf, SSE_TEXT } from "../../test/support/observed-response.ts";
import { hideUsageChunk } from "./hide-usage-chunk.ts";

const [first = "", second = "", usage = "", done = ""] = SSE_TEXT.split(/(?<=\n\n)/);
const HIDDEN = first + second + done;
const SSE = "text/event-stream; charset=utf-8";

function hidden(given: Response = responseOf(SSE_TEXT, SSE)): Response {
  hideUsageChunk(given);
  return given;
}

async function textOf(stream: AsyncIterable<unknown> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream ?? []) parts.push(part as Uint8Array);
  return Buffer.concat(parts).toString();
}

function body(response: Response): ReadableStream<Uint8Array> {
  if (response.body === null) throw new Error("no body");
  return response.body;
}

it("the fixture has its usage in the third event", () => {
  expect(usage).toContain('"choices":[]');
});

describe("a response read whole", () => {
  it.each<[string, (response: Response) => Promise<unknown>]>([
    ["text()", (response) => response.text()],
    ["arrayBuffer()", async (r) => Buffer.from(await r.arrayBuffer()).toString()],
    ["blob()", async (r) => (await r.blob()).text()],
    ["clone()", (response) => response.clone().text()],
    ["a clone of a clone", (response) => response.clone().clone().text()],
  ])("has no usage chunk by %s", async (_name, read) => {
    const response = hidden();
    expect(await read(response)).toBe(HIDDEN);
  });

  it("keeps the type of its blob, and is used afterwards", async () => {
    const response = hidden();
    const bare = await responseOf(SSE_TEXT, SSE).blob();
    expect((await response.blob()).type).toBe(bare.type);
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow(TypeError);
  });

  it("is read by its clone and by itself", async () => {
    const response = hidden();
    const copy = response.clone();
    expect(await textOf(response.body)).toBe(HIDDEN);
    expect(await textOf(copy.body)).toBe(HIDDEN);
  });
});

describe("a body read in pieces", () => {
  it.each([1, 2, 3, 7, 50, SSE_TEXT.length])(
    "has no usage chunk, in %i of them",
    async (pieces) => {
      const response = hidden(responseOf(sourceOf(SSE_TEXT, { pieces }).body, SSE));
      expect(await textOf(response.body)).toBe(HIDDEN);
    },
  );

  it("is the same each time it is asked for, unused until it is read", async () => {
    const source = sourceOf(SSE_TEXT);
    const response = hidden(responseOf(source.body, SSE));
    const stream = body(response);
    expect(response.body).toBe(stream);
    expect([response.bodyUsed, stream.locked, source.pulls]).toEqual([false, false, 0]);
    await stream.getReader().read();
    expect(response.bodyUsed).toBe(true);
  });

  it("is asked for no more than its reader wants", async () => {
    const source = sourceOf(SSE_TEXT, { pieces: Buffer.byteLength(SSE_TEXT) });
    const reader = body(hidden(responseOf(source.body, SSE))).getReader();
    const { value } = await reader.read();
    expect(Buffer.from(value ?? []).toString()).toBe(first);
    expect(source.pulls).toBe(Buffer.byteLength(first));
  });

  it("can be teed, piped, and read into the reader's own memory", async () => {
    const [left, right] = body(hidden()).tee();
    expect(await Promise.all([left, right].map(textOf))).toEqual([HIDDEN, HIDDEN]);
    const piped = body(hidden()).pipeThrough(new TextDecoderStream());
    expect(await new Response(piped.pipeThrough(new TextEncoderStream())).text()).toBe(HIDDEN);
    const reader = body(hidden()).getReader({ mode: "byob" });
    const parts: Uint8Array[] = [];
    for (;;) {
      const { done: ended, value } = await reader.read(new Uint8Array(64));
      if (ended) break;
      parts.push(value.slice());
    }
    expect(Buffer.concat(parts).toString()).toBe(HIDDEN);
  });

  it("hands a cancellation on, before and after the first read", async () => {
    const unread = sourceOf(SSE_TEXT);
    await body(hidden(responseOf(unread.body, SSE))).cancel("why");
    expect(unread.cancelledWith).toBe("why");
    const read = sourceOf(SSE_TEXT);
    const reader = body(hidden(responseOf(read.body, SSE))).getReader();
    await reader.read();
    await reader.cancel("enough");
    expect(read.cancelledWith).toBe("enough");
  });

  it("fails with the very error, after the bytes that came before it", async () => {
    const error = new Error("cut");
    const options = { pieces: 5, failure: { after: 1, error } };
    const source = sourceOf(SSE_TEXT, options);
    const reader = body(hidden(responseOf(source.body, SSE))).getReader();
    const { value } = await reader.read();
    const came = SSE_TEXT.slice(0, value?.byteLength);
    expect(Buffer.from(value ?? []).toString()).toBe(came);
    expect(value?.byteLength).toBe(Math.ceil(Buffer.byteLength(SSE_TEXT) / 5));
    await expect(reader.read()).rejects.toBe(error);
  });
});

describe("the body of node-fetch", () => {
  function nodeResponse(stream: Readable): Response {
    const response = responseOf("", SSE);
    Object.defineProperty(response, "body", { get: () => stream, configurable: true });
    return hidden(response);
  }

  it("has no usage chunk either", async () => {
    const parts = SSE_TEXT.match(/[^]{1,9}/g) ?? [];
    const response = nodeResponse(Readable.from(parts.map((part) => Buffer.from(part))));
    expect(response.body).toBeInstanceOf(Readable);
    expect(await textOf(response.body)).toBe(HIDDEN);
  });

  it("fails with the very error, and is left when its reader leaves", async () => {
    const error = new Error("cut");
    async function* failing() {
      yield Buffer.from(first);
      throw error;
    }
    await expect(textOf(nodeResponse(Readable.from(failing())).body)).rejects.toBe(error);
    const source = Readable.from([Buffer.from(first), Buffer.from(second), Buffer.from(done)]);
    for await (const part of nodeResponse(source).body ?? []) {
      expect(Buffer.from(part).toString()).toBe(first);
      break;
    }
    expect(source.destroyed).toBe(true);
  });
});

it("leaves an answer that is no stream alone", () => {
  const response = responseOf("{}", "application/json");
  const keys = Reflect.ownKeys(response);
  expect(Reflect.ownKeys(hidden(response))).toEqual(keys);
});

it("stays the real response", () => {
  const response = responseOf(SSE_TEXT, SSE, 201);
  const keys = Object.keys(response);
  expect(hidden(response)).toBe(response);
  expect(response).toBeInstanceOf(Response);
  expect(Object.keys(response)).toEqual(keys);
  expect(response.status).toBe(201);
});
