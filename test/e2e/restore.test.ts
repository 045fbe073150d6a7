import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { poll } from "../support/poll.ts";
import { describeWith } from "./binaries.ts";
import { type InstanceProcess, startInstance } from "./instance-process.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { type RedisServer, startRedis } from "./redis.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describeWith(["redis-server", "postgres"], "instances that share a store and a Redis", () => {
  let redis: RedisServer;
  let postgres: Postgres;
  let store: string;
  let instances: InstanceProcess[];

  beforeEach(async () => {
    instances = [];
    redis = await startRedis({ appendOnly: false });
    postgres = await startPostgres();
    store = await postgres.createDatabase();
  });
  afterEach(async () => {
    await Promise.all(instances.map((instance) => instance[Symbol.asyncDispose]()));
    await redis.stop();
    await postgres.stop();
  });

  async function start(): Promise<InstanceProcess> {
    const environment = {
      RLM_EVENTS_REDIS: `redis://127.0.0.1:${redis.port}`,
      RLM_EVENTS_STORE: store,
    };
    const instance = await startInstance(environment);
    instances.push(instance);
    const state = async () => (await instance.health()).sinks["redis"]?.state === "ok";
    await poll("it reads", state, 20_000);
    return instance;
  }

  async function requests(instance: InstanceProcess): Promise<number> {
    return (await instance.record("session-1"))?.total_requests ?? 0;
  }

  test("count each request once, whichever way it came, and however often it is replayed", async () => {
    const first = await start();
    await first.call("session-1", 5);
    await first.flush();

    const second = await start();
    expect(await requests(second)).toBe(0);
    expect(await second.restore()).toBeGreaterThan(0);
    expect(await requests(second)).toBe(5);

    await Promise.all([first.call("session-1", 20), second.call("session-1", 20)]);
    await Promise.all([first.flush(), second.flush()]);
    for (const instance of [first, second]) {
      await poll("all of both", async () => (await requests(instance)) === 45, 30_000);
      // the store has everything by now, and each of them knows all of it
      expect(await instance.restore()).toBe(0);
      expect(await requests(instance)).toBe(45);
    }
    await first.shutdown();

    const third = await start();
    await Promise.all([second.call("session-1", 5), third.restore()]);
    await second.flush();
    await poll("what came since", async () => (await requests(third)) >= 50, 30_000);
    await third.restore();
    expect(await requests(third)).toBe(50);
  });
});
