import { beforeEach, describe, expect, it } from "vitest";
import { createRateLimiter } from "./rate-limiter.ts";

let nowMs: number;
const now = () => nowMs;

beforeEach(() => {
  nowMs = 1_000;
});

describe("a client", () => {
  it("may ask as often as in a minute at once, and then as time goes by", () => {
    const limiter = createRateLimiter({ perMinute: 60, now });
    for (let request = 0; request < 60; request += 1) expect(limiter("a")).toBe(0);
    expect(limiter("a")).toBe(1);
    nowMs += 999;
    expect(limiter("a")).toBe(1);
    nowMs += 1;
    expect(limiter("a")).toBe(0);
    expect(limiter("a")).toBe(1);
  });

  it("saves up no more than that", () => {
    const limiter = createRateLimiter({ perMinute: 2, now });
    limiter("a");
    nowMs += 3_600_000;
    expect([limiter("a"), limiter("a"), limiter("a")]).toEqual([0, 0, 30]);
  });

  it("is not held up by another one", () => {
    const limiter = createRateLimiter({ perMinute: 1, now });
    limiter("a");
    expect(limiter("a")).toBe(60);
    expect(limiter("b")).toBe(0);
  });

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::1", 60],
    ["2001:db8::1", "2001:db8:0:0:9::", 60],
    ["::1", "::2", 60],
    ["2001:db8:1:2::", "2001:db8:1:3::", 0],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.2", 0],
    ["192.0.2.1", "192.0.2.2", 0],
  ])("%s is the same network as %s: the wait is %i s", (one, other, wait) => {
    const limiter = createRateLimiter({ perMinute: 1, now });
    limiter(one);
    expect(limiter(other)).toBe(wait);
  });
});

it("no more clients than it may are remembered; the one longest away is forgotten", () => {
  const limiter = createRateLimiter({ perMinute: 1, maxClients: 2, now });
  for (const client of ["a", "b"]) limiter(client);
  expect(limiter("a")).toBe(60);
  limiter("c");
  expect(limiter("a")).toBe(60);
  expect(limiter("b")).toBe(0);
});
