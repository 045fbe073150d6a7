import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { loadRedis } from "./redis-client.ts";

it("finds the class by its name, or as the module itself, as in the first releases of 5", async () => {
  expect((await loadRedis()).Redis).toBe(Redis);
  expect((await loadRedis(async () => ({ default: Redis }))).Redis).toBe(Redis);
});

it("says what to install when there is none", async () => {
  const cause = new Error("Cannot find package 'ioredis'");
  await expect(loadRedis(() => Promise.reject(cause))).rejects.toMatchObject({
    code: "PEER_MISSING",
    message: expect.stringContaining("npm install ioredis"),
    cause,
  });
});
