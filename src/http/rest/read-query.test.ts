import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditLogQuery } from "../../schemas/rest/audit-log-schema.ts";
import { eventStreamQuery } from "../../schemas/rest/event-stream-schema.ts";
import { readQuery } from "./read-query.ts";

const read = (query: string) => readQuery(auditLogQuery, new URLSearchParams(query));
const readStream = (query: string) => readQuery(eventStreamQuery, new URLSearchParams(query));

describe("a query", () => {
  it("is read by its schema: defaults, numbers, times, lists", () => {
    expect(read("")).toEqual({ value: { limit: 100 } });
    expect(
      read(
        "session_id=42&event_type=agent_error&since=2026-01-02T03:04:05Z&until=5&limit=7&cursor=9",
      ),
    ).toEqual({
      value: {
        session_id: "42",
        event_type: "agent_error",
        since: "2026-01-02T03:04:05Z",
        until: 5,
        limit: 7,
        cursor: "9",
      },
    });
    expect(readStream("type=agent_error,system_alert&category=llm")).toEqual({
      value: { type: ["agent_error", "system_alert"], category: ["llm"] },
    });
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["limit=ten", "limit"],
    ["limit=", "limit"],
    ["limit=1.5", "limit"],
    ["limit=-1", "limit"],
    ["limit=1&limit=2", "limit"],
    ["session_id=", "session_id"],
    ["event_type=llm", "event_type"],
    ["since=yesterday", "since"],
    ["since=2026-01-02", "since"],
    ["cursor=", "cursor"],
    ["sesion_id=a", "sesion_id"],
    ["constructor=a", "constructor"],
    ["__proto__=a", "__proto__"],
    [`${"x".repeat(100)}=a`, "x".repeat(64)],
  ])("with %s is refused by the name of %s", (query, name) => {
    expect(read(query)).toEqual({ refused: { name, reason: expect.stringMatching(/./) } });
  });

  it("with a list of which one is unknown is refused", () => {
    expect(readStream("type=agent_error,nothing")).toMatchObject({ refused: { name: "type" } });
    expect(readStream("category=")).toMatchObject({ refused: { name: "category" } });
  });

  it("says what there is", () => {
    expect(read("x=1")).toEqual({
      refused: {
        name: "x",
        reason: "known are session_id, event_type, since, until, limit, cursor",
      },
    });
  });

  it.each([
    ["limit=5000", "a whole number from 1 to 1000"],
    ["limit=-1", "a whole number from 1 to 1000"],
    ["limit=1e1", "a whole number from 1 to 1000"],
    ["limit=", "a whole number from 1 to 1000"],
    ["since=2026-11-20", "a date and time with a zone, as in 2026-01-02T03:04:05Z"],
    ["until=2026-11-20T00:00:00 01:00", "written as %2B"],
  ])("with %s is told that it must be %s", (query, expected) => {
    expect(read(query)).toMatchObject({ refused: { reason: expect.stringContaining(expected) } });
  });

  it("of anything is read or refused, and never throws", () => {
    const name = fc.oneof(fc.string(), fc.constantFrom(...Object.keys(auditLogQuery.shape)));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (entries) => {
        const result = readQuery(auditLogQuery, new URLSearchParams(entries));
        expect(Object.keys(result)).toHaveLength(1);
      }),
    );
  });
});
