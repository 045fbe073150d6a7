import { expect, test } from "vitest";
import { refusingUrl, startOtlpSink } from "../../../test/support/otlp-sink.ts";
import { probeLangfuse } from "./probe.ts";

const keys = { publicKey: "pk-test", secretKey: "sk-test" };

test("right keys are ok, asked with a slash too many in the base URL", async () => {
  await using sink = await startOtlpSink(keys);

  expect(await probeLangfuse({ ...keys, baseUrl: `${sink.url}/` })).toEqual({ state: "ok" });
  expect(sink.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /api/public/projects",
  ]);
});

test("wrong keys are named, and not told", async () => {
  await using sink = await startOtlpSink(keys);

  const health = await probeLangfuse({
    publicKey: "pk-canary",
    secretKey: "sk-canary",
    baseUrl: sink.url,
  });

  expect(health.state).toBe("failing");
  expect(health.lastError).toMatch(/LANGFUSE_PUBLIC_KEY.*LANGFUSE_SECRET_KEY/);
  expect(health.lastError).not.toContain("canary");
});

test("a server that hangs is given up", async () => {
  await using sink = await startOtlpSink(keys);
  sink.mode = "hang";

  const health = await probeLangfuse({ ...keys, baseUrl: sink.url }, { timeoutMs: 30 });

  expect(health).toEqual({
    state: "failing",
    lastError: "Langfuse did not answer within 30 ms; check LANGFUSE_BASE_URL.",
  });
});

test("a server that isn't there, or isn't Langfuse, is failing", async () => {
  await using sink = await startOtlpSink(keys);
  sink.mode = 404;

  expect(await probeLangfuse({ ...keys, baseUrl: sink.url })).toEqual({
    state: "failing",
    lastError: "Langfuse answered HTTP 404; check LANGFUSE_BASE_URL.",
  });
  expect(await probeLangfuse({ ...keys, baseUrl: await refusingUrl() })).toEqual({
    state: "failing",
    lastError: "Langfuse can't be reached; check LANGFUSE_BASE_URL.",
  });
});
