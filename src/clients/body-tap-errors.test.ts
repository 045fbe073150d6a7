import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import {
  CHAT_REQUEST,
  JSON_TEXT,
  observedResponse,
  responseOf,
  sourceOf,
  SSE_TEXT,
  USAGE,
} from "../../test/support/observed-response.ts";

const SSE = "text/event-stream";

type Body = ReadableStream<Uint8Array>;

const readings: Record<string, (body: Body) => Promise<unknown>> = {
  "a reader": async (body) => {
    const reader = body.getReader();
    while (!(await reader.read()).done);
  },
  "a loop": async (body) => {
    for await (const _chunk of body);
  },
  "a pipe": (body) => body.pipeTo(new WritableStream()),
  "a pipe through": async (body) => {
    for await (const _chunk of body.pipeThrough(new TransformStream()));
  },
  "a branch": async (body) => {
    for await (const _chunk of body.tee()[0]);
  },
};

async function observe(given: Response, init?: RequestInit) {
  const seen = await observedResponse(given, init);
  return { ...seen, body: seen.response.body as Body };
}

describe.each(Object.entries(readings))("%s", (name, read) => {
  it("gets the very error of a body that breaks, which is truncated", async () => {
    const error = new Error("broken");
    const source = sourceOf(SSE_TEXT, { failure: { after: 2, error } });
    const { body, end } = await observe(responseOf(source.body, SSE));
    await expect(read(body)).rejects.toBe(error);
    expect(body.locked).toBe(name === "a reader" || name === "a branch");
    expect(await end()).toMatchObject({ outcome: "truncated", errorType: "Error" });
  });

  it("gets the reason of the caller's signal, whatever it is, which is aborted", async () => {
    const controller = new AbortController();
    const reason = { why: "the user went away" };
    const source = sourceOf(SSE_TEXT, { failure: { after: 2, error: reason } });
    const init = { ...CHAT_REQUEST, signal: controller.signal };
    const { body, end } = await observe(responseOf(source.body, SSE), init);
    controller.abort(reason);
    await expect(read(body)).rejects.toBe(reason);
    expect(await end()).toMatchObject({ outcome: "aborted", errorType: "signal" });
  });

  it("of a stream that stops without its end mark is truncated", async () => {
    const half = SSE_TEXT.slice(0, SSE_TEXT.indexOf("\n\n") + 2);
    const { body, end } = await observe(responseOf(half, SSE));
    await read(body);
    expect(await end()).toMatchObject({ outcome: "truncated", errorType: "incomplete_stream" });
  });
});

describe("what is refused", () => {
  const refusals: Record<string, (body: Body) => unknown> = {
    "pipeTo() of a locked body": (body) => (body.getReader(), body.pipeTo(new WritableStream())),
    "pipeTo() what is no stream": (body) => body.pipeTo({} as WritableStream),
    "pipeTo() a locked stream": (body) => {
      const sink = new WritableStream<Uint8Array>();
      sink.getWriter();
      return body.pipeTo(sink);
    },
    "pipeThrough() of a locked body": (body) => (
      body.getReader(),
      body.pipeThrough(new TransformStream())
    ),
    "pipeThrough() what is no pair": (body) => body.pipeThrough({} as TransformStream),
    "pipeThrough() nothing": (body) => body.pipeThrough(undefined as never),
    "getReader() twice": (body) => (body.getReader(), body.getReader()),
    "tee() of a locked body": (body) => (body.getReader(), body.tee()),
    "cancel() of a locked body": (body) => (body.getReader(), body.cancel()),
  };

  async function outcomeOf(refuse: (body: Body) => unknown, body: Body) {
    const describeError = (how: string, error: unknown) =>
      `${how} ${String((error as { code?: string }).code)} ${String(error)}, locked: ${body.locked}`;
    try {
      const result = refuse(body);
      return await Promise.resolve(result).then(
        () => "accepted",
        (error: unknown) => describeError("rejects", error),
      );
    } catch (error) {
      return describeError("throws", error);
    }
  }

  it.each(Object.entries(refusals))("%s is refused in the same way", async (_name, refuse) => {
    const bare = await outcomeOf(refuse, responseOf(sourceOf(SSE_TEXT).body).body as Body);
    const { body, ended } = await observe(responseOf(sourceOf(SSE_TEXT).body, SSE));
    expect(bare).not.toBe("accepted");
    expect(await outcomeOf(refuse, body)).toBe(bare);
    expect(ended()).toEqual([]);
  });
});

describe("a body that is a stream of Node.js, as node-fetch has it", () => {
  function nodeResponse() {
    const body = new PassThrough();
    const response = { status: 200, ok: true, headers: new Headers({ "content-type": SSE }) };
    Object.defineProperty(response, "body", { get: () => body, configurable: true });
    return { body, response: response as unknown as Response };
  }

  it.each(["buffer", "utf8"] as const)("is observed while it is read as %s", async (encoding) => {
    const { body, response } = nodeResponse();
    const { end } = await observe(response);
    const read = response.body as unknown as PassThrough;
    if (encoding === "utf8") read.setEncoding("utf8");
    body.end(SSE_TEXT);
    for await (const _chunk of read);
    expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("is abandoned when the loop is left", async () => {
    const { body, response } = nodeResponse();
    const { end } = await observe(response);
    body.write(SSE_TEXT.slice(0, 40));
    for await (const _chunk of response.body as unknown as PassThrough) break;
    expect(await end()).toMatchObject({ outcome: "abandoned" });
  });

  it("emits its own error, which is truncated", async () => {
    const { body, response } = nodeResponse();
    const { end } = await observe(response);
    const error = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    setImmediate(() => body.destroy(error));
    await expect(async () => {
      for await (const _chunk of response.body as unknown as PassThrough);
    }).rejects.toBe(error);
    expect(await end()).toMatchObject({ outcome: "truncated", errorType: "ECONNRESET" });
  });
});

it("takes a JSON answer that is read in pieces as a whole", async () => {
  const { body, end } = await observe(responseOf(sourceOf(JSON_TEXT, { pieces: 30 }).body));
  for await (const _chunk of body);
  expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
});
