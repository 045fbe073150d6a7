import { rm } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditFolder, openLog, type TestedLog } from "../../../../test/support/audit-files.ts";
import type { Event } from "../../../events/index.ts";
import type { AuditQuery } from "../audit-log.ts";
import { selectionOf } from "../selection.ts";
import { queryFolder } from "./query-folder.ts";

let folder: string;
let logs: TestedLog[];

beforeEach(async () => {
  folder = await auditFolder();
  logs = [];
});
afterEach(async () => {
  await Promise.all(logs.map(({ log }) => log.shutdown()));
  await rm(folder, { recursive: true });
});

function open(options: Parameters<typeof openLog>[1]): TestedLog {
  const opened = openLog(folder, options);
  logs.push(opened);
  return opened;
}

/** All pages of a query. */
async function idsOf(query: AuditQuery, limitMs?: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await queryFolder(
      folder,
      selectionOf({ ...query, cursor }),
      limitMs === undefined ? {} : { limitMs },
    );
    ids.push(...page.records.map(({ event }) => event.id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

describe("a query of the files", () => {
  it("gives records with their place, newest first, what was just published included", async () => {
    const { record, log } = open({ maxSizeBytes: 4_096 });
    const event = record("s");
    const { records } = await log.query();
    expect(records).toEqual([
      { sequence: 1, event: { ...event }, chain: "audit", hash: log.head?.hash },
    ]);
  });

  it("gives what a walk through all events gives, whatever is asked for", async () => {
    let now = 1_000;
    const chains = [open({ maxSizeBytes: 4_096, now: () => now }), open({ now: () => now })];
    const events: Event[] = [];
    for (let count = 0; count < 120; count += 1) {
      now += 1;
      const chain = chains[count % 3 === 0 ? 1 : 0];
      // clocks of operations are not quite that of the wall
      const event = chain?.record(`s${count % 4}`, now - (count % 7));
      if (event) events.unshift(event);
      await chain?.log.forceFlush();
    }
    const time = fc.option(fc.integer({ min: 995, max: 1_125 }), { nil: undefined });
    const queries = fc.record({
      sessionId: fc.constantFrom(undefined, "s0", "s1", "s", 'a"'),
      eventType: fc.constantFrom(undefined, "session_updated" as const, "session_ended" as const),
      since: time,
      until: time,
      limit: fc.integer({ min: 1, max: 200 }),
    });
    await fc.assert(
      fc.asyncProperty(queries, fc.constantFrom(undefined, 0), async (query, limitMs) => {
        const { accepts } = selectionOf(query);
        expect(await idsOf(query, limitMs)).toEqual(events.filter(accepts).map(({ id }) => id));
      }),
      { numRuns: 40 },
    );
  });

  it("gives pages that new records don't move", async () => {
    const { write, log } = open({ maxSizeBytes: 4_096 });
    const events = (await write(30)).toReversed().map(({ id }) => id);
    const first = await log.query({ limit: 4 });
    await write(30);
    const second = await log.query({ limit: 4, cursor: first.nextCursor });
    const pages = [...first.records, ...second.records].map(({ event }) => event.id);
    expect(pages).toEqual(events.slice(0, 8));
  });

  it("reads lines longer than what it reads at once", async () => {
    const { queue, log, write } = open({});
    await write(2);
    const [event] = await write(1);
    const metadata = { text: "x".repeat(300_000) };
    queue.push({ ...(event as Event), id: "long", data: { metadata } } as Event);
    await write(1);
    const { records } = await log.query();
    expect(records.map(({ sequence }) => sequence)).toEqual([5, 4, 3, 2, 1]);
    expect(records[1]?.event).toMatchObject({ id: "long", data: { metadata } });
  });

  it.each(["x", "e30=?", Buffer.from('{"audit":[1]}').toString("base64url"), "W10"])(
    "refuses the cursor %s",
    async (cursor) => {
      const { write, log } = open({});
      await write(1);
      await expect(log.query({ cursor })).rejects.toMatchObject({ code: "QUERY_INVALID" });
    },
  );

  it("finds nothing where there is no folder", async () => {
    expect(await queryFolder("/no/such/folder", selectionOf({}))).toEqual({ records: [] });
  });
});
