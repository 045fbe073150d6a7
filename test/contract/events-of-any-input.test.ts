import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createObservability } from "../../src/create-observability.ts";
import type { Observability } from "../../src/runtime/observability.ts";
import { collectEvents, type EventCollector } from "../../src/testing/index.ts";

// that each event is one by its schema is what the set-up of these tests asserts: test/support/events-match-schemas.ts

let obs: Observability;
let collected: EventCollector;
beforeEach(() => {
  obs = createObservability({ server: { enabled: false } });
  collected = collectEvents(obs);
});
afterEach(() => obs.shutdown());

const FIELDS =
  "name id type callId dataSourceId topK action tool sessionId userId tags metadata role messageId severity message model provider version conversationId toolCallId timeoutMs".split(
    " ",
  );

/** What applications in JavaScript may hand over: anything, or an object with fields that are wanted. */
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
  fc.dictionary(fc.constantFrom(...FIELDS), fc.anything({ withBigInt: true, withDate: true })),
);

type Emit = (given: never, more: never) => unknown;
const emitters: Readonly<Record<string, Emit>> = {
  agent: (given) => obs.agent(given, () => 7),
  tool: (given) => obs.tool(given, () => 7),
  retrieval: (given) => obs.retrieval(given, () => 7),
  workflow: (given) => obs.workflow(given, () => 7),
  "hitl.request": (given, more) => obs.hitl.request(given).decide(more, given),
  session: (given) => obs.session(given, () => obs.tool("t", () => 7)),
  withContext: (given) => obs.withContext(given, () => obs.agent("a", () => 7)),
  startSession: (given, more) => obs.startSession(given, more),
  updateSession: (given, more) => obs.updateSession(given, more),
  addSessionMessage: (given, more) => obs.addSessionMessage(given, more),
  endSession: (given) => {
    obs.startSession("s");
    obs.endSession(given);
  },
  switchAgent: (given, more) => obs.switchAgent(given, more),
  alert: (given) => obs.alert(given),
};

test.each(Object.keys(emitters))("%s() takes anything, and its events are events", (name) => {
  fc.assert(
    fc.property(anything, anything, (given, more) => {
      emitters[name]?.(given as never, more as never);
    }),
  );
  expect(collected.events.length).toBeGreaterThan(0);
});
