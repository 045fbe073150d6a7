import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import {
  observedResponse,
  responseOf,
  sourceOf,
  SSE_TEXT,
  USAGE,
} from "../../test/support/observed-response.ts";

const SSE = "text/event-stream";
const PIECES = 6;

type Body = ReadableStream<Uint8Array>;

async function readAll(body: Body, reader = body.getReader()): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString();
    chunks.push(value);
  }
}

async function iterateAll(chunks: AsyncIterable<Uint8Array | string>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all).toString();
}

async function pipeAll(body: Body): Promise<string> {
  const chunks: Uint8Array[] = [];
  await body.pipeTo(new WritableStream({ write: (chunk: Uint8Array) => void chunks.push(chunk) }));
  return `${Buffer.concat(chunks).toString()} locked: ${body.locked}`;
}

const readings: Record<string, (body: Body) => Promise<unknown>> = {
  "getReader()": (body) => readAll(body),
  "for await": (body) => iterateAll(body),
  "values({ preventCancel })": (body) => iterateAll(body.values({ preventCancel: true })),
  "pipeThrough(TextDecoderStream)": (body) => iterateAll(body.pipeThrough(new TextDecoderStream())),
  "pipeThrough(TransformStream)": (body) => iterateAll(body.pipeThrough(new TransformStream())),
  "pipeTo()": pipeAll,
  "Readable.fromWeb()": (body) => iterateAll(Readable.fromWeb(body as never)),
  "tee()": async (body) => Promise.all(body.tee().map((branch) => readAll(branch))),
  "tee() one after the other": async (body) => {
    const [left, right] = body.tee();
    return [await readAll(left), await iterateAll(right)];
  },
  "tee() after a first piece": async (body) => {
    const reader = body.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    const rest = await Promise.all(body.tee().map((branch) => readAll(branch)));
    return [Buffer.from(value ?? []).toString(), rest];
  },
  "a reader after a loop that left without cancelling": async (body) => {
    for await (const _chunk of body.values({ preventCancel: true })) break;
    return readAll(body);
  },
  "a reader after one that gave its lock back in the middle of a read": async (body) => {
    const first = body.getReader();
    const read = first.read();
    first.releaseLock();
    return [
      await read.catch((error: unknown) => (error as Error).constructor.name),
      await readAll(body),
    ];
  },
  "parallel reads": async (body) => {
    const reader = body.getReader();
    const results = await Promise.all(Array.from({ length: PIECES + 2 }, () => reader.read()));
    return results.map(({ done, value }) => [done, value && Buffer.from(value).toString()]);
  },
};

async function observe(source = sourceOf(SSE_TEXT, { pieces: PIECES })) {
  const seen = await observedResponse(responseOf(source.body, SSE));
  const { body } = seen.response;
  if (body === null) throw new Error("no body");
  return { ...seen, source, body: body as Body };
}

describe.each(Object.entries(readings))("%s", (_name, read) => {
  it("gives what the bare body gives with as many pulls, and is a success with usage", async () => {
    const bare = sourceOf(SSE_TEXT, { pieces: PIECES });
    const expected = await read(responseOf(bare.body).body as Body);
    const { body, source, end } = await observe();
    expect(await read(body)).toEqual(expected);
    expect(source.pulls).toBe(bare.pulls);
    expect(await end()).toMatchObject({
      outcome: "success",
      usage: USAGE,
      finishReasons: ["stop"],
    });
  });
});

describe("a BYOB reader", () => {
  it.each([
    ["Uint8Array", (buffer: ArrayBuffer) => new Uint8Array(buffer)],
    ["DataView", (buffer: ArrayBuffer) => new DataView(buffer)],
  ])("fills a %s, and is seen", async (_name, view) => {
    const { body, end } = await observe(sourceOf(SSE_TEXT, { pieces: PIECES, type: "bytes" }));
    const reader = body.getReader({ mode: "byob" });
    const chunks: Buffer[] = [];
    for (;;) {
      const { done, value } = await reader.read(view(new ArrayBuffer(64)));
      if (done) break;
      chunks.push(
        Buffer.from(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)),
      );
    }
    expect(Buffer.concat(chunks).toString()).toBe(SSE_TEXT);
    expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
  });
});

describe("nothing is read ahead", () => {
  it("of a reader: one pull for each read", async () => {
    const { body, source } = await observe();
    const reader = body.getReader();
    expect(source.pulls).toBe(0);
    for (const pulls of [1, 2, 3]) {
      await reader.read();
      await new Promise(setImmediate);
      expect(source.pulls).toBe(pulls);
    }
  });

  it("of a pipe: a sink that is slow holds the source back as it does bare", async () => {
    const run = async (body: Body, pulls: () => number) => {
      const seen: number[] = [];
      await body.pipeTo(
        new WritableStream(
          {
            async write() {
              await new Promise((resolve) => setTimeout(resolve, 1));
              seen.push(pulls());
            },
          },
          { highWaterMark: 1 },
        ),
      );
      return seen;
    };
    const bare = sourceOf(SSE_TEXT, { pieces: PIECES });
    const expected = await run(bare.body, () => bare.pulls);
    const { body, source } = await observe();
    expect(await run(body, () => source.pulls)).toEqual(expected);
  });
});

describe("leaving early", () => {
  const departures: Record<string, (body: Body) => Promise<unknown>> = {
    "break in a loop": async (body) => {
      for await (const _chunk of body) break;
    },
    "reader.cancel()": async (body) => {
      const reader = body.getReader();
      await reader.read();
      await reader.cancel("why");
    },
    "cancel()": (body) => body.cancel("why"),
    "cancel() of both branches": (body) =>
      Promise.all(body.tee().map((branch) => branch.cancel("why"))),
    "a sink that fails": (body) =>
      body
        .pipeTo(new WritableStream({ write: () => Promise.reject(new Error("disk full")) }))
        .catch((error: unknown) => error),
    "a pipe whose signal fires": (body) =>
      body
        .pipeTo(new WritableStream(), { signal: AbortSignal.abort("why") })
        .catch((error: unknown) => error),
  };

  it.each(Object.entries(departures))(
    "by %s cancels the source as bare, and is abandoned",
    async (_name, leave) => {
      const bare = sourceOf(SSE_TEXT, { pieces: PIECES });
      const expected = await leave(responseOf(bare.body).body as Body);
      const { body, source, end } = await observe();
      expect(await leave(body)).toEqual(expected);
      expect(source.cancelledWith).toEqual(bare.cancelledWith);
      expect(source.pulls).toBe(bare.pulls);
      expect(await end()).toMatchObject({ outcome: "abandoned", errorType: "left_early" });
    },
  );

  it("by one branch leaves the other", async () => {
    const { body, ended, end } = await observe();
    const [left, right] = body.tee();
    const cancelling = left.cancel();
    await new Promise(setImmediate);
    expect(ended()).toEqual([]);
    await readAll(right);
    await cancelling;
    expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("after the end mark is a success", async () => {
    const { body, end } = await observe();
    let text = "";
    for await (const chunk of body) {
      text += Buffer.from(chunk).toString();
      if (text.includes("[DONE]")) break;
    }
    expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("by a pipe that is not to cancel gives the lock back, and the rest can be read", async () => {
    const { body, ended, end } = await observe();
    const broken = new WritableStream<Uint8Array>({
      write: () => Promise.reject(new Error("disk full")),
    });
    await expect(body.pipeTo(broken, { preventCancel: true })).rejects.toThrow("disk full");
    expect(body.locked).toBe(false);
    expect(ended()).toEqual([]);
    await readAll(body);
    expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
  });
});
