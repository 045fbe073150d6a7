import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { poll } from "../support/poll.ts";
import { runProcess } from "../support/run-process.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";
import { binaryPath, describeWith } from "./binaries.ts";
import { type InstanceProcess, startInstance } from "./instance-process.ts";
import { type RedisServer, startRedis } from "./redis.ts";

/** How long Redis is away. */
const OUTAGE_MS = Number(process.env["RLM_E2E_OUTAGE_MS"] ?? 2_000);

describeWith(["redis-server"], "two processes with one Redis", () => {
  let redis: RedisServer;
  let proxy: TcpProxy;
  let instances: InstanceProcess[];

  beforeEach(async () => {
    redis = await startRedis({ appendOnly: true });
    proxy = await startTcpProxy(redis.port);
    instances = [];
  });

  afterEach(async () => {
    await Promise.all(instances.map((instance) => instance[Symbol.asyncDispose]()));
    await proxy[Symbol.asyncDispose]();
    await redis.stop();
  });

  async function start(environment: Record<string, string> = {}): Promise<InstanceProcess> {
    const url = `redis://127.0.0.1:${proxy.port}`;
    const instance = await startInstance({ RLM_EVENTS_REDIS: url, ...environment });
    instances.push(instance);
    return instance;
  }

  async function startOk(environment?: Record<string, string>): Promise<InstanceProcess> {
    const instance = await start(environment);
    await poll("it reads", async () => (await redisHealth(instance))?.state === "ok", 20_000);
    return instance;
  }

  const redisHealth = async (instance: InstanceProcess) => (await instance.health()).sinks["redis"];

  async function totals(instance: InstanceProcess, sessionId = "session-1") {
    const record = await instance.record(sessionId);
    return [record?.total_requests ?? 0, record?.total_tokens ?? 0];
  }

  /** As Prometheus counts them. */
  async function requestsTotal(instance: InstanceProcess): Promise<number> {
    const lines = (await instance.metrics()).matchAll(/^rlm_requests_total\{.*\} (\d+)$/gm);
    return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
  }

  async function untilTotals(instance: InstanceProcess, requests: number): Promise<void> {
    await poll(
      `${requests} requests`,
      async () => (await totals(instance))[0] === requests,
      30_000,
    );
  }

  test("each sees the totals of both, and counts its own alone for Prometheus", async () => {
    const [a, b] = [await startOk(), await startOk()];
    await Promise.all([a.call("session-1", 30), b.call("session-1", 12), b.call("session-2", 3)]);
    await Promise.all([untilTotals(a, 42), untilTotals(b, 42)]);
    expect([await totals(a), await totals(b)]).toEqual([
      [42, 42 * 110],
      [42, 42 * 110],
    ]);
    await poll("the other session", async () => (await totals(a, "session-2"))[0] === 3);
    expect([await requestsTotal(a), await requestsTotal(b)]).toEqual([30, 15]);
    expect([a.errors(), b.errors()]).toEqual(["", ""]);
  });

  test("Redis killed and back: no crash, nothing lost, nothing twice", async () => {
    const directly = { RLM_EVENTS_REDIS: redis.url };
    const [a, b] = [await startOk(directly), await startOk(directly)];
    await Promise.all([a.call("session-1", 20), b.call("session-1", 20)]);
    await redis.kill();
    const away = sleep(OUTAGE_MS);
    await Promise.all([a.call("session-1", 50), b.call("session-1", 50)]);
    await away;
    for (const instance of [a, b]) {
      expect(await instance.health()).toMatchObject({
        status: "degraded",
        sinks: { redis: { state: "failing", lastError: expect.stringContaining("ECONNREFUSED") } },
      });
    }
    await redis.start();
    await Promise.all([a.call("session-1", 10), b.call("session-1", 10)]);
    await Promise.all([untilTotals(a, 160), untilTotals(b, 160)]);
    await Promise.all([a.flush(), b.flush()]);
    expect([await totals(a), await totals(b)]).toEqual([
      [160, 160 * 110],
      [160, 160 * 110],
    ]);
    const reports = await Promise.all([a.shutdown(), b.shutdown()]);
    for (const { lost, timedOut } of reports)
      expect({ lost, timedOut }).toEqual({ lost: {}, timedOut: false });
    // one line for each way: what can't be sent, what can't be read
    for (const instance of [a, b]) expect(instance.errors().trim().split("\n")).toHaveLength(2);
  });

  test("connections cut under load, again and again: totals are exact", async () => {
    const [a, b] = [await startOk(), await startOk()];
    const calls = Promise.all([a.call("session-1", 200), b.call("session-1", 200)]);
    for (let cuts = 0; cuts < 8; cuts += 1) {
      await sleep(100);
      proxy.cut();
    }
    await calls;
    await Promise.all([untilTotals(a, 400), untilTotals(b, 400)]);
    await Promise.all([a.flush(), b.flush()]);
    expect([await totals(a), await totals(b)]).toEqual([
      [400, 400 * 110],
      [400, 400 * 110],
    ]);
  });

  test("a network that lets nothing through: calls go on, all arrives once it does again", async () => {
    const environment = { RLM_EVENTS_REDIS_TIMEOUT_MS: "300" };
    const [a, b] = [await startOk(environment), await startOk(environment)];
    proxy.hang();
    await Promise.all([a.call("session-1", 50), b.call("session-1", 50)]);
    await poll("both have noticed", async () => {
      const states = await Promise.all([redisHealth(a), redisHealth(b)]);
      return states.every((health) => health?.state === "failing");
    });
    proxy.resume();
    await Promise.all([untilTotals(a, 100), untilTotals(b, 100)]);
    await Promise.all([a.flush(), b.flush()]);
    expect([await totals(a), await totals(b)]).toEqual([
      [100, 100 * 110],
      [100, 100 * 110],
    ]);
  });

  test.each([
    ["well", async () => {}],
    ["away", async () => redis.kill()],
    ["frozen", async () => proxy.hang()],
  ])("a process that has nothing left to do ends, Redis being %s", async (_how, break_) => {
    const a = await startOk({
      RLM_EVENTS_REDIS_TIMEOUT_MS: "500",
      RLM_SHUTDOWN_TIMEOUT_MS: "1000",
    });
    await break_();
    await a.call("session-1", 5);
    expect(await a.leave(10_000)).toBe(0);
    expect(a.errors()).not.toMatch(/unhandled|MaxListeners/i);
  });

  test("what a process published last is in the stream when it has ended", async () => {
    const a = await startOk();
    await a.call("session-1", 5);
    expect(await a.leave(10_000)).toBe(0);
    const entries = JSON.stringify(await redis.command("XRANGE", "rlm:events", "-", "+"));
    expect(entries.match(/llm_request_completed/g)).toHaveLength(5);
  });
});

describeWith(["redis-server", "openssl"], "two processes with a Redis behind TLS", () => {
  let folder: string;
  let redis: RedisServer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "rlm-tls-"));
    const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const made = await runProcess(
      binaryPath("openssl"),
      `req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2`
        .split(" ")
        .concat(["-keyout", keyFile, "-out", certFile]),
    );
    expect(made.code, made.stderr).toBe(0);
    redis = await startRedis({ tls: { certFile, keyFile } });
    await redis.command("ACL", "SETUSER", "app", "on", ">s3cret", "~rlm:*", "+@all");
  });

  afterEach(async () => {
    await redis?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const urlWith = (password: string) => (redis.tlsUrl ?? "").replace("://", `://app:${password}@`);

  test("an authority that Node.js is told of: totals of both; any other is refused, by its code", async () => {
    const known = {
      RLM_EVENTS_REDIS: urlWith("s3cret"),
      NODE_EXTRA_CA_CERTS: join(folder, "cert.pem"),
    };
    await using a = await startInstance(known);
    await using b = await startInstance(known);
    await using stranger = await startInstance({ RLM_EVENTS_REDIS: urlWith("s3cret") });
    await Promise.all([a.call("session-1", 2), b.call("session-1", 3)]);
    await poll(
      "the totals of both",
      async () => {
        const records = await Promise.all([a.record("session-1"), b.record("session-1")]);
        return records.every((record) => record?.total_requests === 5);
      },
      20_000,
    );
    const refused = await poll("the refusal", async () => {
      const health = (await stranger.health()).sinks["redis"];
      return health?.state === "failing" && health.lastError;
    });
    expect(refused).toContain("(DEPTH_ZERO_SELF_SIGNED_CERT; check RLM_EVENTS_REDIS)");
    expect(refused + stranger.errors()).not.toContain("s3cret");
  });
});
