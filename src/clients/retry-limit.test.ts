import { afterEach, expect, test, vi } from "vitest";
import { retryLimitMs } from "./retry-limit.ts";

const GRACE_MS = 2_000;

afterEach(() => void vi.useRealTimers());

test.each([
  [0, 500],
  [1, 1_000],
  [4, 8_000],
  [50, 8_000],
])("after attempt %i an SDK waits for %i ms at the most", (number, ms) => {
  expect(retryLimitMs(number)).toBe(ms + GRACE_MS);
});

test.each([
  [{ "retry-after-ms": "1500" }, 1_500],
  [{ "retry-after": "20" }, 20_000],
  [{ "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after-ms": "1", "retry-after": "20" }, 1],
  [{ "retry-after": "61" }, 500],
  [{ "retry-after": "-1" }, 500],
  [{ "retry-after": "soon" }, 500],
  [{}, 500],
])("told %o it waits for %i ms", (headers, ms) => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 12) });
  expect(retryLimitMs(0, new Headers(headers))).toBe(ms + GRACE_MS);
});
