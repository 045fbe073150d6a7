import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createDiagnostics, type Diagnostics } from "../../src/diagnostics/index.ts";
import { createEvent, type Event, isReplayed } from "../../src/events/index.ts";
import { Channel } from "../../src/sinks/event-store/channel.ts";
import {
  createEventStore,
  type EventStoreOptions,
  type EventStoreSink,
} from "../../src/sinks/event-store/create-event-store.ts";
import type { Database } from "../../src/sinks/event-store/database.ts";
import type { EventQuery } from "../../src/sinks/event-store/event-store.ts";
import { migrate } from "../../src/sinks/event-store/migrations/migrate.ts";
import { migrations } from "../../src/sinks/event-store/migrations/migrations.ts";
import { pageStatement } from "../../src/sinks/event-store/page-statement.ts";
import { storeOpener } from "../../src/sinks/event-store/open-store.ts";
import { type RetentionOptions, startRetention } from "../../src/sinks/event-store/retention.ts";
import { storeLocation } from "../../src/sinks/event-store/store-location.ts";
import { alert } from "./alert-event.ts";
import { arbitraryEvent } from "./arbitrary-event.ts";
import { STORE_OPTIONS } from "./event-store-options.ts";

const LIMIT_MS = 30_000;

/** What both back ends of the event store promise. `freshStore` gives where one is that nobody has used. */
export function describeEventStore(name: string, freshStore: () => Promise<string>): void {
  let opened: EventStoreSink[] = [];
  let databases: Database[] = [];
  let diagnostics: Diagnostics;
  let problems: string[];

  function open(store: string, options: Partial<EventStoreOptions> = {}): EventStoreSink {
    problems = [];
    diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
    const sink = createEventStore({
      ...STORE_OPTIONS,
      store,
      timeoutMs: LIMIT_MS,
      limitMs: LIMIT_MS,
      diagnostics,
      ...options,
    });
    opened.push(sink);
    return sink;
  }

  /** Past the sink. */
  async function openDatabase(store: string): Promise<Database> {
    const location = storeLocation(store);
    const database = await storeOpener({ location, timeoutMs: LIMIT_MS, onUnsynced })();
    databases.push(database);
    return database;
  }

  function onUnsynced(): never {
    throw new Error("what is acknowledged is not on the disk");
  }

  afterEach(async () => {
    await Promise.all(opened.map(async (sink) => sink.shutdown?.()));
    await Promise.all(databases.map((database) => database.close()));
    opened = [];
    databases = [];
  });

  async function write(sink: EventStoreSink, events: readonly Event[]): Promise<void> {
    for (const event of events) sink.handle(event);
    await sink.forceFlush?.();
  }

  async function readAll(sink: EventStoreSink, query?: EventQuery): Promise<Event[]> {
    const events: Event[] = [];
    for await (const { event } of sink.store.read(query)) events.push(event);
    return events;
  }

  /** What the background does in as many minutes. */
  async function deleteOld(
    store: string,
    bounds: Pick<RetentionOptions, "maxAgeMs" | "maxEvents" | "now">,
    rounds: number,
  ): Promise<void> {
    const location = storeLocation(store);
    const channel = new Channel(storeOpener({ location, timeoutMs: LIMIT_MS, onUnsynced }));
    const failed: unknown[] = [];
    const onFailed = (error: unknown) => void failed.push(error);
    const retention = startRetention({ ...bounds, channel, onFailed });
    for (let round = 0; round < rounds; round += 1) await retention?.run();
    retention?.stop();
    await channel.close();
    expect(failed).toEqual([]);
  }

  const drops = () =>
    Object.fromEntries(
      [...diagnostics.counters.dropped.values()].map(({ reason, count }) => [reason, count]),
    );

  describe(`the event store in ${name}`, () => {
    it("gives back every event as it was, in the order in which they came, also to a later process", async () => {
      const store = await freshStore();
      const [events] = fc.sample(fc.array(arbitraryEvent(), { minLength: 300, maxLength: 400 }), {
        numRuns: 1,
        seed: 4711,
      });
      const storable = withOwnIds((events ?? []).filter((event) => !mentionsNull(event)));
      const first = open(store);
      expect(first.health?.()).toEqual({ state: "unknown" });
      await write(first, storable);
      expect(first.health?.()).toEqual({ state: "ok" });
      expect(drops()).toEqual({});
      expect(diagnostics.counters.exported.get("event-store")).toBe(storable.length);
      await first.shutdown?.();

      const later = open(store);
      expect(await readAll(later)).toEqual(storable);
      expect(problems).toEqual([]);
    });

    it("stores an event once, however often it comes", async () => {
      const sink = open(await freshStore());
      const [a, b] = [alert("a", 1), alert("b", 2)];
      await write(sink, [a, b, a]);
      await write(sink, [b, a]);
      expect(await readAll(sink)).toEqual([a, b]);
    });

    it("finds by session, types, time and position, page by page", async () => {
      const sink = open(await freshStore());
      const events = Array.from({ length: 30 }, (_none, index) =>
        index % 3 === 0
          ? createEvent("system_started", { version: "1" }, 1_000 + index)
          : alert(`a${index}`, 1_000 + index, `s${index % 2}`),
      );
      await write(sink, events);
      const found = async (query: EventQuery) =>
        (await readAll(sink, query)).map((event) => events.indexOf(event) + event.timestamp - 999);
      const indexes = (accept: (index: number) => boolean) =>
        events.map((_event, index) => index).filter((index) => accept(index));

      expect(await found({ sessionId: "s1" })).toEqual(
        indexes((index) => index % 3 !== 0 && index % 2 === 1),
      );
      expect(await found({ types: ["system_started"] })).toEqual(indexes((i) => i % 3 === 0));
      expect(await found({ types: ["system_started", "system_alert"] })).toHaveLength(30);
      expect(await found({ types: [] })).toEqual([]);
      expect(await found({ since: 1_010, until: 1_020 })).toEqual(
        indexes((i) => i >= 10 && i < 20),
      );
      expect(await found({ sessionId: "nobody's" })).toEqual([]);
      expect(await found({ limit: 4 })).toEqual([0, 1, 2, 3]);

      const pages: number[] = [];
      let after: number | undefined;
      do {
        const page = await sink.store.page({ limit: 7, ...(after !== undefined && { after }) });
        expect(page.events.map(({ schemaVersion }) => schemaVersion)).toEqual(
          page.events.map(() => 1),
        );
        pages.push(page.events.length);
        after = page.nextCursor;
      } while (after !== undefined);
      expect(pages).toEqual([7, 7, 7, 7, 2]);
      expect((await sink.store.page({ limit: 1 })).events).toHaveLength(1);
    });

    it("ends a page early where events are large, and says that there are more", async () => {
      const sink = open(await freshStore());
      const repetitive = Array.from({ length: 8 }, (_none, index) =>
        alert(`r${index} ${"x".repeat(900_000)}`, index),
      );
      const incompressible = [8, 9].map((time) => alert(randomText(900_000), time));
      await write(sink, [...repetitive, ...incompressible]);
      const pages: number[] = [];
      let after: number | undefined;
      do {
        const page = await sink.store.page({ limit: 1_000, ...(after !== undefined && { after }) });
        pages.push(page.events.length);
        after = page.nextCursor;
      } while (after !== undefined);
      // 4 MiB of JSON; what does not get smaller is not even unpacked
      expect(pages).toEqual([5, 4, 1]);
      expect(await readAll(sink)).toEqual([...repetitive, ...incompressible]);
    });

    it("finds a page by an index that has it in its order, and sorts nothing", async () => {
      const store = await freshStore();
      const sink = open(store);
      const events = Array.from({ length: 5_000 }, (_none, index) =>
        alert(`a${index}`, index, `s${index % 20}`),
      );
      await write(sink, events);
      await sink.shutdown?.();
      const database = await openDatabase(store);
      await database.query("analyze rlm_events");
      const after = 2_500;
      const [session, type] = [{ sessionId: "s7" }, { types: ["system_alert"] as const }];
      for (const query of [{}, session, type].flatMap((one) => [one, { ...one, after }])) {
        const { sql, parameters } = pageStatement(query, 10);
        const rows = await database.query(`explain ${sql}`, parameters);
        const plan = rows.map((row) => String(row["QUERY PLAN"])).join("\n");
        expect(plan).toContain("Index Scan using rlm_events_");
        expect(plan).not.toMatch(/Sort Key: .*rlm_events|Seq Scan|Bitmap/);
      }
    });

    it("leaves out what can't be stored, counts it, and stores the others", async () => {
      const sink = open(await freshStore());
      const good = Array.from({ length: 50 }, (_none, index) => alert(`good ${index}`, index));
      const withNull = [alert("a\u0000b", 1), alert("x", 1, "s\u0000")];
      const huge = alert("x".repeat(2_000_000), 1);
      const circular = { ...alert("c", 1), data: { loop: {} } };
      circular.data.loop = circular;
      const longSession = alert("i", 1, randomText(20_000));
      const bad = [...withNull, huge, circular as unknown as Event, longSession];
      const mixed = good.flatMap((event, index) => [event, ...bad.slice(index, index + 1)]);
      await write(sink, mixed);
      expect(drops()).toEqual({ rejected: 3, too_large: 1, not_serializable: 1 });
      expect(await readAll(sink)).toEqual(good);
      expect(sink.health?.()).toEqual({ state: "ok" });
    });

    it("takes 5,000 events at once, and drops and counts what is beyond its bound", async () => {
      const sink = open(await freshStore(), { maxQueueSize: 4_000 });
      const events = Array.from({ length: 5_000 }, (_none, index) => alert(String(index), index));
      await write(sink, events);
      expect(await readAll(sink)).toEqual(events.slice(0, 4_000));
      expect(drops()).toEqual({ queue_full: 1_000 });
    });

    it("replays what it knows, marked, one at a time, and stores nothing of it again", async () => {
      const store = await freshStore();
      const sink = open(store);
      const events = [1, 2, 3, 4].map((time) => alert(`a${time}`, time, time === 3 ? "t" : "s"));
      await write(sink, events);
      const seen: Event[] = [];
      let underWay = 0;
      const report = await sink.store.replay({ sessionId: "s" }, async (event) => {
        underWay += 1;
        expect(underWay).toBe(1);
        await Promise.resolve();
        underWay -= 1;
        seen.push(event);
        sink.handle(event);
      });
      const positions = (await sink.store.page()).events.map(({ position }) => position);
      expect(report).toEqual({ replayed: 3, skipped: 0, lastPosition: positions[3] });
      expect(seen.map((event) => isReplayed(event))).toEqual([true, true, true]);
      expect(seen.map((event) => JSON.parse(JSON.stringify(event)) as unknown)).toEqual(
        events.filter(({ sessionId }) => sessionId === "s"),
      );
      await sink.forceFlush?.();
      expect(diagnostics.counters.exported.get("event-store")).toBe(4);
    });

    it("skips in a replay what this version does not know, or what somebody has spoilt", async () => {
      const store = await freshStore();
      const writer = open(store);
      await write(writer, [alert("a", 1), alert("b", 2), alert("c", 3), alert("d", 4)]);
      await writer.shutdown?.();
      const database = await openDatabase(store);
      await database.query(
        "update rlm_events set type = 'from_the_future' where data->>'name' = 'a'",
      );
      await database.query("update rlm_events set schema_version = 2 where data->>'name' = 'b'");
      await database.query(`update rlm_events set data = '{"name": 1}' where data->>'name' = 'c'`);
      await database.close();
      const names: unknown[] = [];
      const { store: reader } = open(store);
      const report = await reader.replay({}, (event) => void names.push(event.data));
      expect(report).toMatchObject({ replayed: 1, skipped: 3 });
      expect(names).toMatchObject([{ name: "d" }]);
    });

    it("tells what a handler of a replay threw, and where it was", async () => {
      const sink = open(await freshStore());
      await write(sink, [alert("a", 1), alert("b", 2)]);
      const failure = new Error("of the handler");
      await expect(sink.store.replay({}, () => Promise.reject(failure))).rejects.toBe(failure);
    });

    it.each([
      ["by age", { maxAgeMs: 500, maxEvents: undefined }, (index: number) => index >= 2_500],
      ["by count", { maxAgeMs: undefined, maxEvents: 100 }, (index: number) => index >= 2_900],
      ["by both", { maxAgeMs: 2_000, maxEvents: 2_500 }, (index: number) => index >= 1_000],
    ])("deletes old events %s, in chunks", async (_how, bounds, isKept) => {
      const store = await freshStore();
      const sink = open(store);
      const events = Array.from({ length: 3_000 }, (_none, index) => alert(`a${index}`, index));
      await write(sink, events);
      await sink.shutdown?.();
      await deleteOld(store, { ...bounds, now: () => 3_000 }, 2);
      expect(await readAll(open(store))).toEqual(events.filter((_event, index) => isKept(index)));
    });

    it("keeps as many events as it shall, though positions have gaps", async () => {
      const store = await freshStore();
      const sink = open(store);
      const events = Array.from({ length: 300 }, (_none, index) => alert(`a${index}`, index));
      for (const count of [100, 200, 300]) await write(sink, events.slice(0, count));
      await sink.shutdown?.();
      await deleteOld(store, { maxAgeMs: undefined, maxEvents: 150, now: () => 0 }, 1);
      expect(await readAll(open(store))).toEqual(events.slice(-150));
    });

    it("refuses a schema that is newer than it knows, and says so in health", async () => {
      const store = await freshStore();
      const database = await openDatabase(store);
      await database.query("insert into rlm_event_migrations (version) values (99)");
      await database.close();
      const sink = open(store);
      await write(sink, [alert("a", 1)]);
      sink.handle(alert("b", 2));
      expect(drops()).toEqual({ unavailable: 2 });
      const message =
        "events could not be stored: The event store has schema 99, this version of the package knows 2: update @rlm-toolkit/observability.";
      expect(sink.health?.()).toEqual({ state: "failing", lastError: message });
      expect(problems).toEqual([`[rlm-obs] event-store: ${message}`]);
      await expect(readAll(sink)).rejects.toMatchObject({ code: "STORE_NEWER" });
    });

    it("goes on with a store of the first schema, as it was", async () => {
      const store = await freshStore();
      const events = [alert("a", 1), alert("b", 2)];
      const first = open(store);
      await write(first, events.slice(0, 1));
      await first.shutdown?.();
      const database = await openDatabase(store);
      await database.query(`drop index rlm_events_position;
        create unique index rlm_events_position on rlm_events (position);
        delete from rlm_event_migrations where version > 1`);
      await database.close();

      const later = open(store);
      await write(later, events.slice(1));
      expect(await readAll(later)).toEqual(events);
      await later.shutdown?.();
      const migrated = await openDatabase(store);
      const definition = "select indexdef from pg_indexes where indexname = 'rlm_events_position'";
      const [index] = await migrated.query(definition);
      expect(index?.["indexdef"]).toContain('("position", "timestamp")');
    });

    it("migrates a store of an earlier schema, and undoes a step that fails", async () => {
      const database = await openDatabase(await freshStore());
      const bad = "alter table rlm_events add column extra text; select nonsense();";
      await expect(migrate(database, [...migrations, { version: 3, sql: bad }])).rejects.toThrow(
        "nonsense",
      );
      await expect(database.query("select extra from rlm_events")).rejects.toThrow("extra");
      const good = "alter table rlm_events add extra text";
      await migrate(database, [...migrations, { version: 3, sql: good }]);
      await migrate(database, [...migrations, { version: 3, sql: good }]);
      expect(await database.query("select version from rlm_event_migrations")).toEqual([
        { version: 1 },
        { version: 2 },
        { version: 3 },
      ]);
      expect(await database.query("select extra from rlm_events")).toEqual([]);
    });

    it("writes what waits at shutdown, and counts what comes later", async () => {
      const store = await freshStore();
      const sink = open(store);
      const event = alert("a", 1);
      sink.handle(event);
      await Promise.all([sink.shutdown?.(), sink.shutdown?.()]);
      sink.handle(alert("late", 2));
      expect(drops()).toEqual({ closed: 1 });
      await expect(readAll(sink)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      expect(await readAll(open(store))).toEqual([event]);
    });
  });
}

/** Sampled ids repeat. */
function withOwnIds(events: readonly Event[]): Event[] {
  return events.map((event, index) => ({ ...event, id: `${index} ${event.id}` }));
}

/** PostgreSQL has no place for it in a text; that is a test of its own. */
function mentionsNull(event: Event): boolean {
  const text = JSON.stringify(event);
  return text.includes(String.raw`\u0000`) || /\\ud[89a-f]/i.test(text);
}

/** That no compression makes short enough for an index. */
function randomText(length: number): string {
  return Array.from({ length }, () => Math.random().toString(36).slice(2, 3)).join("");
}
