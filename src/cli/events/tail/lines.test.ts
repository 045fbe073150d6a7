import { describe, expect, it, test } from "vitest";
import { fullAnswer } from "../../../../test/support/llm-events.ts";
import { createEvent, serializeEvent } from "../../../events/index.ts";
import { eventLine, gapLine, jsonLine } from "./lines.ts";

const AT_MS = Date.UTC(2026, 10, 20, 12, 0, 1, 5);

describe("the line of an event", () => {
  it("has its time, type and session, and what matters of it", () => {
    const event = createEvent("llm_request_completed", fullAnswer, AT_MS, { sessionId: "s 1" });
    expect(eventLine(serializeEvent(event))).toBe(
      '12:00:01.005 llm_request_completed      session="s 1" provider=openai model=gpt-4o operation=chat outcome=success durationMs=2500\n',
    );
    const context = {};
    const switched = createEvent("agent_switched", { from: "a", to: "b", context }, AT_MS);
    expect(eventLine(serializeEvent(switched))).toBe(
      "12:00:01.005 agent_switched             from=a to=b\n",
    );
  });

  it("can't steer the terminal, and is one line", () => {
    const message = "\u001b[2J\u009b1m\nred\u202e\u{e0041}";
    const alert = createEvent("system_alert", { name: "n", severity: "info", message }, AT_MS);
    const json = serializeEvent(alert);
    for (const line of [eventLine(json), jsonLine(json)]) {
      expect(line).toMatch(/^[^\p{Cc}\p{Cf}]+\n$/u);
      expect(line).toContain("\\u202e\\udb40\\udc41");
    }
    expect(JSON.parse(jsonLine(json))).toEqual(JSON.parse(json));
  });

  it("is one for anything", () => {
    expect(eventLine("no json")).toBe("? undefined                 \n");
    expect(eventLine("null")).toBe(eventLine("7"));
  });
});

test.each([
  ['{"reason":"overload","lost":3}', "rlm-obs: 3 events are missing here (overload)\n"],
  [
    '{"reason":"unknown_last_event_id","lost":null}',
    "rlm-obs: events may be missing here (unknown_last_event_id)\n",
  ],
])("a gap is told: %s", (json, line) => expect(gapLine(json)).toBe(line));
