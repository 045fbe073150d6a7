import { describe, expect, it } from "vitest";
import {
  JSON_TEXT,
  observedResponse,
  responseOf,
  sourceOf,
  SSE_TEXT,
  USAGE,
} from "../../test/support/observed-response.ts";

const SSE = "text/event-stream";

const readings: Record<string, (response: Response) => Promise<unknown>> = {
  "json()": (response) => response.json(),
  "text()": (response) => response.text(),
  "arrayBuffer()": async (response) => Buffer.from(await response.arrayBuffer()).toString(),
  "blob()": async (response) => (await response.blob()).text(),
  "clone() and text() of both": (response) =>
    Promise.all([response.clone().text(), response.text()]),
  "clone() after a look at the body": async (response) => {
    const hasBody = response.body !== null;
    return [hasBody, await response.clone().text(), await response.text()];
  },
  "text() after a look at the body": async (response) => [response.body, await response.text()][1],
  "a Response made of its body": (response) => new Response(response.body, response).text(),
};

describe.each(Object.entries(readings))("%s", (_name, read) => {
  it("of a plain answer gives what the bare response gives, and is a success", async () => {
    const bare = await read(responseOf(JSON_TEXT));
    const { response, end } = await observedResponse(responseOf(JSON_TEXT));
    expect(await read(response)).toEqual(bare);
    const data = await end();
    expect(data.outcome).toBe("success");
    expect(data.usage).toEqual(USAGE);
  });

  it("asks the source for as much as it does of the bare response", async () => {
    const bare = sourceOf(JSON_TEXT);
    await read(responseOf(bare.body));
    const source = sourceOf(JSON_TEXT);
    const { response, end } = await observedResponse(responseOf(source.body));
    expect(source.pulls).toBe(0);
    await read(response);
    expect(source.pulls).toBe(bare.pulls);
    await end();
  });

  it("rejects with the very error of a body that breaks, which is truncated", async () => {
    const error = new Error("broken");
    const source = sourceOf(JSON_TEXT, { failure: { after: 2, error } });
    const { response, end } = await observedResponse(responseOf(source.body));
    await expect(read(response)).rejects.toBe(error);
    expect(await end()).toMatchObject({ outcome: "truncated" });
  });
});

it.each(Object.entries(readings).filter(([name]) => name !== "json()"))(
  "%s of a stream is a success as well",
  async (name, read) => {
    const { response, end } = await observedResponse(responseOf(SSE_TEXT, SSE));
    await read(response);
    const data = await end();
    expect(data.outcome).toBe("success");
    expect(data.usage).toEqual(USAGE);
  },
);

describe("a response", () => {
  it("stays the real one", async () => {
    const given = responseOf(JSON_TEXT);
    const { response } = await observedResponse(given);
    expect(response).toBe(given);
    expect(Object.keys(response)).toEqual(Object.keys(responseOf(JSON_TEXT)));
    expect(response.bodyUsed).toBe(false);
    expect(response.body).toBe(response.body);
  });

  it.each([
    ["null", null, 204],
    ["empty", "", 200],
  ])("with a body that is %s is a success without usage", async (_what, body, status) => {
    const { response, end } = await observedResponse(responseOf(body, "text/plain", status));
    await response.text();
    expect(await end()).toMatchObject({ outcome: "success", httpStatus: status });
    expect((await end()).usage).toBeUndefined();
  });

  it("that is no JSON rejects as the bare one does, and is malformed", async () => {
    const { response, end } = await observedResponse(responseOf("<html>"));
    await expect(response.json()).rejects.toBeInstanceOf(SyntaxError);
    expect(await end()).toMatchObject({ outcome: "error", errorType: "malformed_response" });
  });

  it.each([
    [
      JSON.stringify({ error: { code: "rate_limit_exceeded", message: "x" } }),
      "rate_limit_exceeded",
    ],
    ["no JSON", "429"],
    ["", "429"],
  ])("with an error status has the provider's code or the status: %s", async (body, errorType) => {
    const { response, end } = await observedResponse(responseOf(body, "application/json", 429));
    await response.text();
    expect(await end()).toMatchObject({ outcome: "error", errorType, httpStatus: 429 });
  });

  it("with an error status is no stream, whatever its content type", async () => {
    const { response, end } = await observedResponse(responseOf("oops", SSE, 500));
    await response.text();
    expect(await end()).toMatchObject({ outcome: "error", errorType: "500" });
  });
});

describe("a second reading", () => {
  it("is refused as the bare response refuses it, and the first goes on", async () => {
    const { response, ended, end } = await observedResponse(responseOf(sourceOf(JSON_TEXT).body));
    const first = response.json();
    await expect(response.text()).rejects.toBeInstanceOf(TypeError);
    expect(ended()).toEqual([]);
    await first;
    expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("beside a reader is refused, and the reader goes on", async () => {
    const { response, ended, end } = await observedResponse(responseOf(sourceOf(JSON_TEXT).body));
    const reader = response.body?.getReader();
    await expect(response.json()).rejects.toBeInstanceOf(TypeError);
    expect(ended()).toEqual([]);
    while ((await reader?.read())?.done === false);
    expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("of a clone goes on when the other is cancelled", async () => {
    const { response, ended, end } = await observedResponse(responseOf(sourceOf(JSON_TEXT).body));
    const clone = response.clone();
    const cancelling = clone.body?.cancel();
    expect(ended()).toEqual([]);
    await response.json();
    await cancelling;
    expect(await end()).toMatchObject({ outcome: "success", usage: USAGE });
  });
});

it("counts a stream once that is read in pieces and, cloned, as a whole", async () => {
  const { response, end } = await observedResponse(responseOf(sourceOf(SSE_TEXT).body, SSE));
  const clone = response.clone();
  const reader = response.body?.getReader();
  await reader?.read();
  await clone.text();
  expect(await end()).toMatchObject({ outcome: "success", usage: USAGE, finishReasons: ["stop"] });
});
