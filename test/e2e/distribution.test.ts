import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type DistributionInstance,
  saying,
  startDistribution,
} from "../support/distribution-instance.ts";
import { poll } from "../support/poll.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { describeWith } from "./binaries.ts";
import { type RedisServer, startRedis } from "./redis.ts";

const KEY = "test:events";
const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

const isOk = ({ sink }: DistributionInstance) => sink.health().state === "ok";
const isFailing = ({ sink }: DistributionInstance) => sink.health().state === "failing";

/** Waits until `reader` has as many events as were said, and then some for what should not come. */
async function untilSeen(reader: DistributionInstance, count: number): Promise<void> {
  await poll(`${count} events`, () => reader.seen.length >= count, 20_000);
}

describeWith(["redis-server"], "distribution by a real Redis", () => {
  let redis: RedisServer;
  let opened: DistributionInstance[];

  beforeEach(async () => {
    opened = [];
    redis = await startRedis({ appendOnly: true });
  });

  afterEach(async () => {
    await Promise.all(opened.map((instance) => instance[Symbol.asyncDispose]()));
    await redis.stop();
  });

  function start(...parameters: Parameters<typeof startDistribution>): DistributionInstance {
    const instance = startDistribution(...parameters);
    opened.push(instance);
    return instance;
  }

  async function startOk(...parameters: Parameters<typeof startDistribution>) {
    const instance = start(...parameters);
    await poll("the instance reads", () => isOk(instance), 10_000);
    return instance;
  }

  test("each instance gets the events of the others, in order, and never its own", async () => {
    const [a, b] = [await startOk(redis.url), await startOk(redis.url)];
    for (const name of names("a", 500)) a.say(name);
    for (const name of names("b", 300)) b.say(name);
    await Promise.all([untilSeen(b, 500), untilSeen(a, 300)]);
    await Promise.all([a.sink.forceFlush(), b.sink.forceFlush()]);
    expect(a.seen).toEqual(names("b", 300));
    expect(b.seen).toEqual(names("a", 500));
    expect([a.sent(), b.sent(), a.lost(), b.lost()]).toEqual([500, 300, {}, {}]);
    expect([a.written, b.written]).toEqual([[], []]);
  });

  test("an event arrives as it was published", async () => {
    const [a, b] = [await startOk(redis.url), await startOk(redis.url)];
    const event = saying("it");
    a.sink.handle(event);
    await untilSeen(b, 1);
    expect(b.seenEvents).toEqual([event]);
  });

  test("a database that Redis doesn't have is a failure, and no event goes to another one", async () => {
    const a = start(`${redis.url}/99`);
    a.say("a");
    await poll("it fails", () => isFailing(a), 10_000);
    expect(a.sink.health()).toMatchObject({
      lastError: expect.stringContaining("RLM_EVENTS_REDIS"),
    });
    expect(await redis.command("DBSIZE")).toBe(0);
  });

  test("an instance keeps to the database that it was given", async () => {
    const [a, b] = [await startOk(`${redis.url}/3`), await startOk(`${redis.url}/3`)];
    a.say("a");
    await untilSeen(b, 1);
    expect(await redis.command("DBSIZE")).toBe(0);
  });

  test("instances with different prefixes don't know each other", async () => {
    const a = await startOk(redis.url);
    const b = await startOk(redis.url, { prefix: "other:" });
    const c = await startOk(redis.url, { prefix: "other:" });
    a.say("a");
    c.say("c");
    await a.sink.forceFlush();
    await untilSeen(b, 1);
    expect(b.seen).toEqual(["c"]);
  });

  test("what was published before an instance began is not for it", async () => {
    const a = await startOk(redis.url);
    a.say("before");
    await a.sink.forceFlush();
    // the stream counts in milliseconds
    const [lastId] = (await redis.command("XREVRANGE", KEY, "+", "-", "COUNT", 1)) as string[][];
    const sentMs = Number(lastId?.[0]?.split("-")[0]);
    await poll("the next millisecond", async () => (await redisMs()) > sentMs + 1);
    const b = start(redis.url);
    a.say("after");
    await untilSeen(b, 1);
    expect(b.seen).toEqual(["after"]);
  });

  async function redisMs(): Promise<number> {
    const [seconds, micros] = (await redis.command("TIME")) as [string, string];
    return Number(seconds) * 1_000 + Number(micros) / 1_000;
  }

  test("Redis away at the start: nothing is lost, both ways, once it is there", async () => {
    await redis.kill();
    const [a, b] = [start(redis.url), start(redis.url)];
    for (const name of names("a", 50)) a.say(name);
    // its reader and its sender, each of which tries by itself
    await poll("both have noticed", () => a.written.length === 2 && isFailing(b));
    expect(a.sink.health()).toEqual({
      state: "failing",
      lastError: expect.stringContaining("ECONNREFUSED; check RLM_EVENTS_REDIS"),
    });
    await redis.start();
    await untilSeen(b, 50);
    expect(b.seen).toEqual(names("a", 50));
    await poll("health is good again", () => isOk(a) && isOk(b));
    expect([a.lost(), b.lost()]).toEqual([{}, {}]);
    expect(a.written).toHaveLength(2);
  });

  test("Redis killed and back with its data: all within the bound arrives once", async () => {
    const [a, b] = [await startOk(redis.url), await startOk(redis.url)];
    for (const name of names("before", 100)) a.say(name);
    await untilSeen(b, 100);
    await redis.kill();
    for (const name of names("during", 100)) a.say(name);
    await poll("both have noticed", () => isFailing(a) && isFailing(b));
    await redis.start();
    for (const name of names("after", 100)) a.say(name);
    await untilSeen(b, 300);
    await a.sink.forceFlush();
    expect(b.seen).toEqual([
      ...names("before", 100),
      ...names("during", 100),
      ...names("after", 100),
    ]);
    expect([a.lost(), b.lost(), a.seen]).toEqual([{}, {}, []]);
  });

  test("Redis back without its data: the new stream is read from its beginning", async () => {
    await using empty = await startRedis();
    const [a, b] = [await startOk(empty.url), await startOk(empty.url)];
    a.say("before");
    await untilSeen(b, 1);
    await empty.kill();
    await poll("both have noticed", () => {
      a.say("during");
      return isFailing(a) && isFailing(b);
    });
    await empty.start();
    a.say("after");
    await poll("the last event", () => b.seen.at(-1) === "after", 20_000);
    expect(new Set(b.seen)).toEqual(new Set(["before", "during", "after"]));
    expect([a.lost(), b.lost()]).toEqual([{}, {}]);
  });

  test("a stream whose ids begin anew, as by another clock, is read from its beginning", async () => {
    await using proxy = await startTcpProxy(redis.port);
    const b = await startOk(`redis://127.0.0.1:${proxy.port}`);
    const fields = (seq: number) => {
      const event = JSON.stringify(saying(`n${seq}`));
      return ["v", "1", "instance", "other", "seq", seq, "event", event];
    };
    const farAhead = Date.now() + 3_600_000;
    await redis.command("XADD", KEY, `${farAhead}-0`, ...fields(1));
    await untilSeen(b, 1);
    await redis.command("DEL", KEY);
    await redis.command("XADD", KEY, "*", ...fields(1));
    await redis.command("XADD", KEY, "*", ...fields(2));
    proxy.cut();
    await untilSeen(b, 2);
    expect(b.seen).toEqual(["n1", "n2"]);
    expect(b.lost()).toEqual({});
  });

  test("an answer that is lost with its connection: sent twice, handed on once", async () => {
    await using proxy = await startTcpProxy(redis.port);
    const a = await startOk(`redis://127.0.0.1:${proxy.port}`);
    const b = await startOk(redis.url);
    proxy.cutBeforeAnswerTo("xadd");
    for (const name of names("a", 5)) a.say(name);
    await poll("the second try", () => a.sent() === 5, 10_000);
    a.say("last");
    await untilSeen(b, 6);
    expect(await redis.command("XLEN", KEY)).toBe(11);
    expect(b.seen).toEqual([...names("a", 5), "last"]);
    expect([a.lost(), b.lost()]).toEqual([{}, {}]);
  });

  test("connections that are cut again and again: each event once, in order", async () => {
    await using proxy = await startTcpProxy(redis.port);
    const url = `redis://127.0.0.1:${proxy.port}`;
    const [a, b] = [await startOk(url), await startOk(url)];
    const all = names("a", 1_000);
    for (const [index, name] of all.entries()) {
      a.say(name);
      if (index % 200 === 100) {
        proxy.cut();
        await poll("some are sent", () => a.sent() >= index - 100, 10_000);
      }
    }
    await untilSeen(b, 1_000);
    await a.sink.forceFlush();
    expect(b.seen).toEqual(all);
    expect([a.lost(), b.lost()]).toEqual([{}, {}]);
  });

  test("a connection that hangs is given up after its time, the next one works", async () => {
    await using proxy = await startTcpProxy(redis.port);
    const a = await startOk(`redis://127.0.0.1:${proxy.port}`, { timeoutMs: 300 });
    const b = await startOk(redis.url);
    proxy.hang();
    a.say("held up");
    await poll("the time-out", () => isFailing(a));
    expect(a.sink.health().lastError).toContain("(timeout; check RLM_EVENTS_REDIS)");
    proxy.resume();
    b.say("to a");
    await untilSeen(b, 1);
    // the reader's limit is that of a command that waits
    await poll("the other way", () => a.seen.length === 1, 10_000);
    expect([a.seen, b.seen]).toEqual([["to a"], ["held up"]]);
  });

  test("Redis frozen: flush and shutdown keep their time and count what is left", async () => {
    await using proxy = await startTcpProxy(redis.port);
    const url = `redis://127.0.0.1:${proxy.port}`;
    const a = await startOk(url, { timeoutMs: 60_000, shutdownLimitMs: 300 });
    proxy.hang();
    for (const name of names("a", 7)) a.say(name);
    const begin = performance.now();
    await a.sink.shutdown();
    expect(performance.now() - begin).toBeLessThan(1_500);
    expect(a.lost()).toEqual({ shutdown_timeout: 7 });
    a.say("too late");
    expect(a.lost()).toEqual({ shutdown_timeout: 7, closed: 1 });
  });

  test("Redis away at shutdown: what can't be sent is counted at once", async () => {
    const a = await startOk(redis.url, { shutdownLimitMs: 30_000 });
    await redis.kill();
    for (const name of names("a", 7)) a.say(name);
    const begin = performance.now();
    await a.sink.shutdown();
    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(a.lost()).toEqual({ shutdown_timeout: 7 });
  });

  test("forceFlush resolves when Redis has everything", async () => {
    const a = await startOk(redis.url);
    for (const name of names("a", 1_234)) a.say(name);
    await a.sink.forceFlush();
    expect(await redis.command("XLEN", KEY)).toBe(1_234);
    expect(a.sent()).toBe(1_234);
  });

  test("a full queue drops what comes next, and counts it", async () => {
    await redis.kill();
    const a = start(redis.url, { maxQueueSize: 10 });
    const b = start(redis.url);
    for (const name of names("a", 25)) a.say(name);
    expect(a.lost()).toEqual({ queue_full: 15 });
    await redis.start();
    await untilSeen(b, 10);
    expect(b.seen).toEqual(names("a", 10));
    expect(b.lost()).toEqual({});
  });

  test("a stream that was trimmed past a reader: what it missed is counted, and told once", async () => {
    await using proxy = await startTcpProxy(redis.port);
    const b = await startOk(`redis://127.0.0.1:${proxy.port}`, { timeoutMs: 200 });
    const a = await startOk(redis.url, { maxLength: 100 });
    a.say("first");
    await untilSeen(b, 1);
    proxy.hang();
    proxy.cut();
    const all = names("a", 5_000);
    for (const name of all) a.say(name);
    await a.sink.forceFlush();
    proxy.resume();
    await poll("the last event", () => b.seen.at(-1) === "a4999", 20_000);
    expect(b.lost()["gap"]).toBe(5_001 - b.seen.length);
    expect(b.lost()["gap"]).toBeGreaterThan(4_000);
    expect(b.seen).toEqual(["first", ...all.slice(1 - b.seen.length)]);
    expect(b.written.filter((line) => line.includes("RLM_EVENTS_REDIS_MAX_LENGTH"))).toHaveLength(
      1,
    );
  });

  test("the stream is kept to its length, about", async () => {
    const a = await startOk(redis.url, { maxLength: 100 });
    for (const name of names("a", 2_000)) a.say(name);
    await a.sink.forceFlush();
    expect(await redis.command("XLEN", KEY)).toBeLessThan(400);
  });

  test("entries that are no events are counted and passed over", async () => {
    const b = await startOk(redis.url);
    const good = JSON.stringify(saying("good"));
    const add = (...fields: string[]) => redis.command("XADD", KEY, "*", ...fields);
    const from = (seq: string, event: string) =>
      add("v", "1", "instance", "other", "seq", seq, "event", event);
    await add("hello", "world");
    await add("v", "2", "whatever", "else");
    await add("v", "1", "instance", "other", "seq", "one", "event", good);
    await from("1", "not JSON");
    await from("2", '{"type":"llm_request_started"}');
    await from("3", '{"type":"of_tomorrow","id":"1"}');
    await from("4", good.replace("{", '{"schemaVersion":99,'));
    await from("5", good);
    await untilSeen(b, 1);
    expect(b.seen).toEqual(["good"]);
    expect(b.lost()).toEqual({ invalid_entry: 4, unknown_version: 3 });
    expect(b.written).toEqual([]);
    expect(isOk(b)).toBe(true);
  });

  test("an event too large goes without what was said; one that has nothing to leave out is dropped", async () => {
    const [a, b] = [await startOk(redis.url), await startOk(redis.url)];
    a.say("x".repeat(600_000));
    a.say("after");
    await untilSeen(b, 1);
    expect(b.seen).toEqual(["after"]);
    expect(a.lost()).toEqual({ too_large: 1 });
    expect(b.lost()).toEqual({});
  });

  test("no memory left (OOM): told once, then all arrives", async () => {
    const [a, b] = [await startOk(redis.url), await startOk(redis.url)];
    await redis.command("CONFIG", "SET", "maxmemory", 1);
    for (const name of names("a", 3)) a.say(name);
    await poll("the refusal", () => a.sink.health().lastError?.includes("OOM"));
    expect(a.sent()).toBe(0);
    await redis.command("CONFIG", "SET", "maxmemory", 0);
    await untilSeen(b, 3);
    expect(b.seen).toEqual(names("a", 3));
    expect([a.lost(), b.lost()]).toEqual([{}, {}]);
    expect(a.written).toHaveLength(1);
  });

  test("a password that is missing (NOAUTH): told once each way, then all arrives", async () => {
    await redis.command("ACL", "SETUSER", "default", "resetpass", ">s3cret");
    const a = start(redis.url);
    const b = await startOk(redis.url.replace("//", "//:s3cret@"));
    for (const name of names("a", 3)) a.say(name);
    await poll("it is told", () => a.written.length === 2);
    expect(a.sink.health().lastError).toContain("(NOAUTH; put user and password into");
    const { Redis } = await import("ioredis");
    const admin = new Redis(redis.url, { password: "s3cret" });
    await admin.call("ACL", "SETUSER", "default", "nopass");
    admin.disconnect();
    await untilSeen(b, 3);
    expect(b.seen).toEqual(names("a", 3));
    await poll("both ways work", () => isOk(a));
  });

  test("a replica (READONLY): told, and all arrives once it is none", async () => {
    const [a, b] = [await startOk(redis.url), await startOk(redis.url)];
    await using other = await startRedis();
    await redis.command("REPLICAOF", "127.0.0.1", other.port);
    for (const name of names("a", 3)) a.say(name);
    await poll("the refusal", () => a.sink.health().lastError?.includes("READONLY"));
    await redis.command("REPLICAOF", "NO", "ONE");
    await untilSeen(b, 3);
    expect(b.seen).toEqual(names("a", 3));
  });

  test("a key that is no stream: told with the option that helps", async () => {
    await redis.command("SET", KEY, "mine");
    const a = start(redis.url);
    a.say("a");
    await poll("the refusal", () => isFailing(a));
    expect(a.sink.health().lastError).toContain("WRONGTYPE");
    expect(a.sink.health().lastError).toContain("RLM_EVENTS_REDIS_PREFIX");
    expect(await redis.command("GET", KEY)).toBe("mine");
  });

  test("a wrong password: told without it, nothing is sent", async () => {
    await redis.command("ACL", "SETUSER", "app", "on", ">right", "~*", "+@all");
    const a = start(redis.url.replace("//", "//app:wr0ng@"));
    a.say("a");
    await poll("the refusal", () => isFailing(a));
    expect(a.sink.health().lastError).toContain("WRONGPASS");
    expect(JSON.stringify([a.sink.health(), a.written])).not.toContain("wr0ng");
  });

  test("a user with no more rights than it needs", async () => {
    const rights = ["~test:events", "+xadd", "+xread", "+xrevrange", "+time", "+multi", "+exec"];
    await redis.command("ACL", "SETUSER", "app", "on", ">right", ...rights);
    await using proxy = await startTcpProxy(redis.port);
    const url = `redis://app:right@127.0.0.1:${proxy.port}`;
    const [a, b] = [await startOk(url), await startOk(url)];
    a.say("one");
    await untilSeen(b, 1);
    proxy.cut();
    a.say("two");
    await untilSeen(b, 2);
    expect(b.seen).toEqual(["one", "two"]);
    await poll("both are well", () => isOk(a) && isOk(b));
  });
});
