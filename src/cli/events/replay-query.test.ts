import { expect, test } from "vitest";
import { replayQuery } from "./replay-query.ts";

test("flags become a query", () => {
  expect(replayQuery({})).toEqual({});
  expect(
    replayQuery({
      session: "s",
      type: ["llm_request_completed,agent_switched", "system_alert"],
      since: "1970-01-01T00:00:02Z",
      until: "4000",
      after: "4",
      limit: "0",
    }),
  ).toEqual({
    sessionId: "s",
    types: ["llm_request_completed", "agent_switched", "system_alert"],
    since: 2_000,
    until: 4_000,
    after: 4,
    limit: 0,
  });
});

test.each([
  [{ type: ["llm"] }, "unknown type 'llm'"],
  [{ type: [""] }, "unknown type ''"],
  [{ since: "yesterday" }, "--since 'yesterday' is no time"],
  [{ since: "2026-02-30" }, "--since '2026-02-30' is no time"],
  [{ until: "" }, "--until '' is no time"],
  [{ limit: "-1" }, "--limit '-1' is no whole number"],
  [{ after: "1e3" }, "--after '1e3' is no whole number"],
  [{ limit: "99999999999999999999" }, "is no whole number"],
])("%j is a usage error", (flags, message) => {
  expect(() => replayQuery(flags)).toThrow(message);
});
