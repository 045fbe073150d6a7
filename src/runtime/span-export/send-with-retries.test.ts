import { expect, test } from "vitest";
import { ExportError } from "./export-error.ts";
import type { HttpAnswer } from "./http-post.ts";
import { sendWithRetries } from "./send-with-retries.ts";

const NO_BODY = new Uint8Array();

function answering(...results: (number | string | HttpAnswer)[]) {
  let tries = 0;
  const send = async (): Promise<HttpAnswer> => {
    const result = results[Math.min(tries++, results.length - 1)];
    if (typeof result === "string") throw new ExportError(result);
    if (typeof result === "number") return { status: result, retryAfter: undefined, body: NO_BODY };
    if (result === undefined) throw new Error("no results given");
    return result;
  };
  return { send, tries: () => tries };
}

function waiting() {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const signal = new AbortController().signal;
  return { waits, sleep, signal, random: () => 0.5, deadlineMs: Date.now() + 60_000 };
}

test("tries again after 503, and after no answer, with longer and longer waits", async () => {
  const { send, tries } = answering(503, "ECONNREFUSED", 429, 200);
  const { waits, ...options } = waiting();

  expect((await sendWithRetries(send, options)).status).toBe(200);
  expect(tries()).toBe(4);
  expect(waits).toEqual([500, 1_000, 2_000]);
});

test("waits as long as Retry-After says", async () => {
  const { send } = answering({ status: 503, retryAfter: "7", body: NO_BODY }, 200);
  const { waits, ...options } = waiting();

  await sendWithRetries(send, options);

  expect(waits).toEqual([7_000]);
});

test.each([400, 401, 404, 413, 500])("takes %i for an answer", async (status) => {
  const { send, tries } = answering(status);

  await expect(sendWithRetries(send, waiting())).rejects.toMatchObject({ status });
  expect(tries()).toBe(1);
});

test("gives up when the next try would come too late, with the real cause", async () => {
  const { send, tries } = answering("ECONNREFUSED");
  const options = { ...waiting(), deadlineMs: Date.now() + 100 };

  await expect(sendWithRetries(send, options)).rejects.toMatchObject({ reason: "ECONNREFUSED" });
  expect(tries()).toBe(1);
});

test.each(["timeout", "shutdown"])("says %s when it was stopped for that", async (reason) => {
  const controller = new AbortController();
  const sleep = async () => {
    controller.abort(reason);
    throw new Error("aborted");
  };

  const sending = sendWithRetries(answering(503).send, {
    ...waiting(),
    sleep,
    signal: controller.signal,
  });

  await expect(sending).rejects.toMatchObject({ reason });
});

test("at the end, does not try again what can't be reached, and goes on trying what answers", async () => {
  const closing = AbortSignal.abort();
  const down = answering("ECONNREFUSED", 200);
  await expect(sendWithRetries(down.send, { ...waiting(), closing })).rejects.toThrow(
    "ECONNREFUSED",
  );
  expect(down.tries()).toBe(1);
  const busy = answering(503, 200);
  expect((await sendWithRetries(busy.send, { ...waiting(), closing })).status).toBe(200);
});

test("stops waiting to reach it when the end comes, with the error that it had", async () => {
  const closing = new AbortController();
  const { send } = answering("ECONNREFUSED");
  const { signal, deadlineMs } = waiting();
  const sent = sendWithRetries(send, { signal, deadlineMs, closing: closing.signal });
  closing.abort();
  await expect(sent).rejects.toThrow("ECONNREFUSED");
});
