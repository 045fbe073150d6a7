import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { createDiagnostics, type Diagnostics } from "../../src/diagnostics/index.ts";
import type { Event } from "../../src/events/index.ts";
import { createObservability } from "../../src/index.ts";
import {
  createEventStore,
  type EventStoreOptions,
  type EventStoreSink,
} from "../../src/sinks/event-store/create-event-store.ts";
import type { EventQuery } from "../../src/sinks/event-store/index.ts";
import { migrations } from "../../src/sinks/event-store/migrations/migrations.ts";
import { alert } from "../support/alert-event.ts";
import { STORE_OPTIONS } from "../support/event-store-options.ts";
import { poll } from "../support/poll.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { describeWith } from "./binaries.ts";
import { startPostgres, type Postgres } from "./postgres.ts";

/** How long the server is down in the test of an outage; `RLM_OUTAGE_SECONDS=60` is the minute of the promise. */
const OUTAGE_MS = Number(process.env["RLM_OUTAGE_SECONDS"] ?? 4) * 1_000;
const DEADLINE_MS = 60_000;

describeWith(["postgres"], "the event store and a PostgreSQL that fails", () => {
  let postgres: Postgres;
  let store: string;
  let sinks: EventStoreSink[];
  let diagnostics: Diagnostics;
  let problems: string[];

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    store = await postgres.createDatabase();
    sinks = [];
    problems = [];
    diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  });
  afterEach(async () => {
    await Promise.all(sinks.map(async (sink) => sink.shutdown?.()));
  });

  function open(options: Partial<EventStoreOptions> = {}): EventStoreSink {
    const sink = createEventStore({
      ...STORE_OPTIONS,
      store,
      timeoutMs: 5_000,
      limitMs: DEADLINE_MS,
      diagnostics,
      ...options,
    });
    sinks.push(sink);
    return sink;
  }

  const through = (port: number) => {
    const url = new URL(store);
    url.port = String(port);
    return url.href;
  };
  const drops = () =>
    Object.fromEntries(
      [...diagnostics.counters.dropped.values()].map(({ reason, count }) => [reason, count]),
    );
  const alerts = (count: number, name = "a") =>
    Array.from({ length: count }, (_none, index) => alert(`${name}${index}`, index));
  const readAll = async (sink: EventStoreSink, query?: EventQuery) => {
    const events: Event[] = [];
    for await (const { event } of sink.store.read(query)) events.push(event);
    return events;
  };
  const push = (sink: EventStoreSink, events: readonly Event[]) => {
    for (const event of events) sink.handle(event);
  };
  const failing = (sink: EventStoreSink) =>
    poll("the store fails", () => sink.health?.().state === "failing", DEADLINE_MS);
  const idsOf = (events: readonly Event[]) => events.map(({ id }) => id);

  it("writes what came while the server was killed, once it is back, each once and in order", async () => {
    const sink = open();
    const events = alerts(4_000);
    push(sink, events.slice(0, 2_000));
    await poll("the first are written", () => diagnostics.counters.exported.get("event-store"));
    await postgres.kill();
    push(sink, events.slice(2_000));
    await failing(sink);
    await postgres.start();
    await sink.forceFlush?.();
    expect(sink.health?.()).toEqual({ state: "ok" });
    expect(idsOf(await readAll(sink))).toEqual(idsOf(events));
    expect(drops()).toEqual({});
  });

  it(`lets the application run while it is down for ${OUTAGE_MS / 1_000} s, keeps what fits and counts the rest`, async () => {
    const obs = createObservability({
      events: { store, storeMaxQueueSize: 500 },
      server: { enabled: false },
      log: { destination: "off" },
    });
    const published: string[] = [];
    obs.subscribe((event) => void published.push(event.id));
    const tookMs: number[] = [];
    const publish = () => {
      const before = performance.now();
      obs.alert({ name: "a", severity: "warning", message: "m" });
      tookMs.push(performance.now() - before);
    };
    publish();
    await obs.forceFlush();
    await postgres.kill();
    const end = performance.now() + OUTAGE_MS;
    while (performance.now() < end) {
      for (let index = 0; index < 10; index += 1) publish();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const status = await obs.getHealthStatus();
    expect(status.sinks["event-store"]?.state).toBe("failing");
    expect(JSON.stringify(status)).not.toContain("p@ss");
    await postgres.start();
    await poll(
      "the store works again",
      async () => (await obs.getHealthStatus()).status === "healthy",
      DEADLINE_MS,
    );
    publish();
    const { lost } = await obs.shutdown();
    const dropped = lost["event-store:queue_full"] ?? 0;
    expect(lost).toEqual({ "event-store:queue_full": dropped });
    const [started, ...stored] = await readAll(open());
    expect(started?.type).toBe("system_started");
    expect(dropped).toBeGreaterThan(0);
    expect(stored).toHaveLength(published.length - dropped);
    const ids = new Set(idsOf(stored));
    expect(idsOf(stored)).toEqual(published.filter((id) => ids.has(id)));
    expect(idsOf(stored.slice(0, 500))).toEqual(published.slice(0, 500));
    expect(idsOf(stored.slice(-2))).toEqual(published.slice(-2));
    // a busy machine takes the processor away for longer than that, now and then
    const slowMs = tookMs.toSorted((a, b) => b - a)[Math.ceil(tookMs.length / 1_000)] ?? 0;
    expect(slowMs).toBeLessThan(50);
    console.info(
      `${published.length} published, ${dropped} dropped, one in 1,000 took ${slowMs.toFixed(2)} ms`,
    );
  });

  it("connects again after the connection was cut, and stores each event once", async () => {
    await using proxy = await startTcpProxy(postgres.port);
    const sink = open({ store: through(proxy.port), maxBatchSize: 20 });
    const events = alerts(2_000);
    push(sink, events);
    for (let cuts = 0; cuts < 5; cuts += 1) {
      const before = proxy.accepted;
      await poll(
        "it is connected",
        () => proxy.accepted > before || sink.health?.().state === "ok",
      );
      proxy.cut();
      await poll("it connects again", () => proxy.accepted > before, DEADLINE_MS);
    }
    await sink.forceFlush?.();
    expect(drops()).toEqual({});
    expect(idsOf(await readAll(open()))).toEqual(idsOf(events));
  });

  it("stores a batch once whose acknowledgement was lost", async () => {
    await using proxy = await startTcpProxy(postgres.port);
    const sink = open({ store: through(proxy.port) });
    const events = alerts(100);
    push(sink, events.slice(0, 10));
    await sink.forceFlush?.();
    proxy.cutBeforeAnswerTo("loses its answer");
    push(sink, [alert("loses its answer", 1), ...events.slice(10)]);
    await failing(sink);
    await sink.forceFlush?.();
    const names = (await readAll(sink)).map(({ data }) => "name" in data && data.name);
    expect(names).toEqual([
      ...Array.from({ length: 10 }, (_none, index) => `a${index}`),
      "loses its answer",
      ...Array.from({ length: 90 }, (_none, index) => `a${index + 10}`),
    ]);
    // it was stored, and then known when it came again
    const sequence =
      "select last_value::int from pg_sequences where sequencename like 'rlm_events%'";
    expect(await postgres.query(store, sequence)).toEqual([{ last_value: 10 + 91 + 91 }]);
  });

  it("notices within its time-out that nobody answers any more, and goes on by another connection", async () => {
    await using proxy = await startTcpProxy(postgres.port);
    const sink = open({ store: through(proxy.port), timeoutMs: 500 });
    const events = alerts(300);
    push(sink, events.slice(0, 100));
    await sink.forceFlush?.();
    proxy.hang();
    push(sink, events.slice(100, 200));
    await failing(sink);
    expect(sink.health?.().lastError).toMatch(
      /^events could not be stored: (no answer within 500 ms|timeout expired)$/,
    );
    await expect(readAll(sink)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    proxy.resume();
    push(sink, events.slice(200));
    await sink.forceFlush?.();
    expect(idsOf(await readAll(open()))).toEqual(idsOf(events));
  });

  it("gives up within its limit at shutdown when nobody answers, and counts what it had", async () => {
    await using proxy = await startTcpProxy(postgres.port);
    proxy.hang();
    const sink = open({ store: through(proxy.port), limitMs: 400, timeoutMs: 60_000 });
    push(sink, alerts(300));
    const before = performance.now();
    await sink.forceFlush?.();
    expect(drops()).toEqual({});
    await sink.shutdown?.();
    expect(performance.now() - before).toBeLessThan(4_000);
    expect(drops()).toEqual({ shutdown_timeout: 300 });
  });

  it.each([
    ["a password that is wrong", (url: URL) => (url.password = "secret-4711")],
    ["a database that is not there", (url: URL) => (url.pathname = "/nowhere")],
    ["a port where nobody listens", (url: URL) => (url.port = "1")],
  ])("says so of %s, without the password, and keeps trying", async (_what, spoil) => {
    const url = new URL(store);
    spoil(url);
    const sink = open({ store: url.href, limitMs: 100 });
    push(sink, alerts(3));
    await failing(sink);
    const { lastError = "" } = sink.health?.() ?? {};
    expect(lastError).toMatch(/28P01|3D000|ECONNREFUSED/);
    expect(problems).toEqual([`[rlm-obs] event-store: ${lastError}`]);
    expect(`${lastError}${problems.join("")}`).not.toMatch(/4711|p@ss|p%40ss/);
    expect(drops()).toEqual({});
  });

  it("gives positions in the order in which they can be seen: who follows misses nothing", async () => {
    const writers = Array.from({ length: 4 }, () => open({ maxBatchSize: 10 }));
    const follower = open();
    const seen: string[] = [];
    let after = 0;
    async function follow(): Promise<void> {
      const page = await follower.store.page({ after, limit: 1_000 });
      for (const { event, position } of page.events) {
        seen.push(event.id);
        after = position;
      }
    }
    const all = writers.map((_sink, index) => alerts(500, `w${index}-`));
    for (const [index, writer] of writers.entries()) push(writer, all[index] ?? []);
    const done = Promise.all(writers.map(async (sink) => sink.forceFlush?.()));
    await poll(
      "all were seen",
      async () => {
        await follow();
        return seen.length >= 2_000;
      },
      DEADLINE_MS,
    );
    await done;
    expect(seen.toSorted()).toEqual(idsOf(all.flat()).toSorted());
  });

  it("lets nobody overtake a writer that has not committed yet", async () => {
    const [late, next] = [alert("late", 1), alert("next", 2)];
    const sink = open();
    push(sink, [alert("first", 0)]);
    await sink.forceFlush?.();
    const waiting = postgres.query(
      store,
      `begin;
       select rlm_append_events('[${JSON.stringify(rowOf(late))}]');
       select pg_sleep(1);
       commit;`,
    );
    await poll("the other one writes", async () => {
      const locks = await postgres.query(
        store,
        "select 1 from pg_locks where locktype = 'advisory' and granted",
      );
      return locks.length > 0;
    });
    push(sink, [next]);
    const pages = new Set<string>();
    await poll("both are there", async () => {
      const { events } = await sink.store.page();
      pages.add(idsOf(events.map(({ event }) => event)).join());
      return events.length === 3;
    });
    await waiting;
    expect([...pages].filter((ids) => ids.includes(next.id) && !ids.includes(late.id))).toEqual([]);
    expect(pages.size).toBeGreaterThanOrEqual(2);
    const names = (await readAll(sink)).map(({ data }) => data);
    expect(names).toMatchObject([{ name: "first" }, { name: "late" }, { name: "next" }]);
  });

  it("is made once by processes that start at once", async () => {
    const starters = Array.from({ length: 6 }, () => open());
    for (const [index, sink] of starters.entries()) push(sink, [alert(`a${index}`, index)]);
    await Promise.all(starters.map(async (sink) => sink.forceFlush?.()));
    expect(starters.map((sink) => sink.health?.())).toEqual(starters.map(() => ({ state: "ok" })));
    expect(await readAll(open())).toHaveLength(6);
    expect(problems).toEqual([]);
    expect(await postgres.query(store, "select version from rlm_event_migrations")).toEqual(
      migrations.map(({ version }) => ({ version })),
    );
  });
});

function rowOf({ id, type, category, timestamp, data }: Event) {
  return { id, type, category, timestamp_ms: timestamp, data, schema_version: 1 };
}
