import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { arbitraryEvent } from "../../test/support/arbitrary-event.ts";
import { completed, fullAnswer } from "../../test/support/llm-events.ts";
import { isObservabilityError } from "../errors/index.ts";
import { createEvent, serializeEvent } from "../events/index.ts";
import { parseEvent, parseEventText } from "./index.ts";

const started = createEvent("system_started", { version: "1.0.0" }, 1_000);

/** Code and message of what it throws. */
function refusal(value: unknown): [string, string] {
  try {
    parseEvent(value);
  } catch (error) {
    if (isObservabilityError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error("was taken");
}

/** What is in `value` with nothing left out: the paths to each field that is there. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[...path]];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
}

function withField(value: object, [key = "", ...rest]: readonly string[], field: unknown): object {
  const inner: unknown = Reflect.get(value, key);
  const changed = rest.length > 0 ? withField(inner as object, rest, field) : field;
  return { ...value, [key]: changed };
}

describe("an event that was written and is read again", () => {
  it("is equal to itself, whatever it holds", () => {
    fc.assert(
      fc.property(arbitraryEvent(), (event) => {
        expect(parseEventText(serializeEvent(event))).toEqual(event);
      }),
      { numRuns: 500 },
    );
  });

  it("needs no schema version: without one it is the first", () => {
    expect(parseEvent(JSON.parse(JSON.stringify(started)))).toEqual(started);
    expect(serializeEvent(started)).toBe(`{"schemaVersion":1,${JSON.stringify(started).slice(1)}`);
  });

  it("has no field that this version doesn't know, at any depth", () => {
    const event = completed({ ...fullAnswer, usage: { inputTokens: 1 } });
    const newer = {
      ...event,
      region: "eu",
      data: { ...event.data, mood: "good", usage: { inputTokens: 1, videoTokens: 2 } },
    };
    expect(parseEvent(newer)).toEqual(event);
  });

  it("is not changed by keys that reach for a prototype", () => {
    const context = `{"metadata":{"__proto__":{"a":1},"constructor":"c"},"__proto__":{"b":1}}`;
    const data = `{"agent":"a","context":${context},"__proto__":{"c":1}}`;
    const text = `{"id":"1","type":"agent_processing_started","category":"agent","timestamp":1,"data":${data},"__proto__":{"d":1}}`;
    const event = parseEventText(text);
    expect(event).toEqual({
      id: "1",
      type: "agent_processing_started",
      category: "agent",
      timestamp: 1,
      data: { agent: "a", context: { metadata: { constructor: "c" } } },
    });
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect({}).not.toHaveProperty("a");
  });
});

describe("what is no event", () => {
  it("is refused when any field of an event has something else in it", () => {
    const types = [
      "agent_error",
      "hitl_decision_made",
      "llm_request_failed",
      "system_alert",
    ] as const;
    // whatever a field is, it is not this
    const wrong = { not: ["a", "value"] };
    fc.assert(
      fc.property(arbitraryEvent(types), fc.nat(), (event, pick) => {
        const paths = pathsOf(event).filter((path) => !path.includes("content"));
        const path = paths[pick % paths.length] ?? [];
        expect(refusal(withField(event, path, wrong))[0]).toBe("EVENT_INVALID");
      }),
    );
  });

  test.each([
    [undefined, "no object"],
    ["text", "no object"],
    [null, "no object"],
    [[], "type: no text"],
    [{ ...started, type: 7 }, "type: no text"],
    [{ ...started, schemaVersion: "1" }, "schemaVersion"],
    [{ ...started, schemaVersion: 0.5 }, "schemaVersion"],
    [{ ...started, category: "llm" }, 'category: Invalid input: expected "system"'],
    [{ ...started, data: {} }, "data.version: Invalid input: expected string, received undefined"],
    [{ ...started, traceId: "xyz" }, "traceId: Invalid string: must match pattern"],
  ])("%j is refused by name of the field", (value, what) => {
    const [code, message] = refusal(value);
    expect(code).toBe("EVENT_INVALID");
    expect(message).toContain(what);
  });

  it("is refused in few words, without a value in them", () => {
    const long = "k".repeat(1_000);
    const metadata = { [long]: { secret: "sk-1" }, b: null, c: [], d: null };
    const data = { agent: "a", context: { metadata } };
    const [code, message] = refusal({ ...started, type: "agent_processing_started", data });
    expect(code).toBe("EVENT_INVALID");
    expect(message).toContain("and 2 more");
    expect(message).not.toContain("sk-1");
    expect(message.length).toBeLessThan(400);
  });

  it("is told apart from what is not known yet", () => {
    expect(refusal({ ...started, type: "system_dreamt" })).toEqual([
      "EVENT_UNKNOWN",
      'An event of type "system_dreamt" is not known to this version of @rlm-toolkit/observability. Update the package to read it.',
    ]);
    expect(refusal({ ...started, type: "constructor" })[0]).toBe("EVENT_UNKNOWN");
    expect(refusal({ ...started, schemaVersion: 2 })[1]).toContain("of schema version 2 is not");
  });

  it("that is no JSON is refused without its text", () => {
    expect(() => parseEventText('{"sk-1')).toThrow("This is no event: no JSON.");
  });
});
