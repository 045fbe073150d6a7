import { expect, it } from "vitest";
import { startDistribution } from "../../../test/support/distribution-instance.ts";

it("without ioredis: told once with what to install, each event counted, the process let go", async () => {
  await using instance = startDistribution("redis://user:s3cret@127.0.0.1:1", {
    loadRedis: () => Promise.reject(new Error("Cannot find package 'ioredis'")),
  });
  for (const name of ["a", "b", "c"]) instance.say(name);
  await instance.sink.forceFlush();
  instance.say("later");
  await instance.sink.shutdown();
  expect(instance.written).toEqual([
    "[rlm-obs] redis: a part of it could not be loaded: Events go to other instances with the optional package " +
      "`ioredis`: npm install ioredis",
  ]);
  expect(instance.lost()).toEqual({ peer_missing: 4 });
  expect(instance.sink.health()).toEqual({
    state: "failing",
    lastError: "events can't be sent (PEER_MISSING; npm install ioredis)",
  });
});

it("nothing is known before the first answer", async () => {
  await using instance = startDistribution("redis://127.0.0.1:1", {
    loadRedis: () => new Promise(() => {}),
    shutdownLimitMs: 1,
  });
  expect(instance.sink.health()).toEqual({ state: "unknown" });
});

it("shutdown is done once, within its limit, whatever hangs", async () => {
  const instance = startDistribution("redis://127.0.0.1:1", {
    loadRedis: () => new Promise(() => {}),
    shutdownLimitMs: 50,
  });
  instance.say("a");
  const first = instance.sink.shutdown();
  expect(instance.sink.shutdown()).toBe(first);
  await first;
  expect(instance.lost()).toEqual({ shutdown_timeout: 1 });
});
