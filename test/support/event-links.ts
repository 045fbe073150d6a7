import { expect } from "vitest";
import type { Event, EventType } from "../../src/events/index.ts";

/** What begins, and the events one of which ends it. */
const ENDS = {
  llm_request_started: ["llm_request_completed", "llm_request_failed"],
  agent_processing_started: ["agent_processing_completed", "agent_error"],
  workflow_started: ["workflow_completed", "workflow_failed"],
  tool_execution_requested: ["tool_execution_started"],
  tool_execution_started: ["tool_execution_completed", "tool_execution_failed"],
  retrieval_started: ["retrieval_completed", "retrieval_failed"],
  hitl_approval_requested: ["hitl_decision_made", "hitl_timeout"],
} as const satisfies Partial<Record<EventType, readonly EventType[]>>;

const isLinked = ({ category }: Event) => category !== "session" && category !== "system";

/**
 * Every event names one before it as its cause, all that come of one share its correlation, and what has begun has ended
 * exactly once. `roots`: how many had no cause.
 */
export function expectLinked(events: readonly Event[], roots: number): void {
  const linked = events.filter(isLinked);
  expect(new Set(linked.map(({ id }) => id)).size).toBe(linked.length);
  expectCauses(linked, roots);
  expectEnds(linked);
}

function expectCauses(linked: readonly Event[], roots: number): void {
  const before = new Map<string, Event>();
  const wrong: Event[] = [];
  let withoutCause = 0;
  for (const event of linked) {
    const cause = before.get(event.causationId ?? "");
    if (event.causationId === undefined) withoutCause += 1;
    else if (cause?.correlationId !== event.correlationId) wrong.push(event);
    before.set(event.id, event);
  }
  expect(wrong, "events without a cause before them, or of another correlation").toEqual([]);
  expect(withoutCause).toBe(roots);
  expect(new Set(linked.map(({ correlationId }) => correlationId)).size).toBe(roots);
}

function expectEnds(linked: readonly Event[]): void {
  const wrong: unknown[] = [];
  for (const [begin, ends] of Object.entries(ENDS)) {
    const begun = linked.filter(({ type }) => type === begin);
    const ended = linked.filter(({ type }) => (ends as readonly string[]).includes(type));
    if (ended.length !== begun.length) wrong.push([begin, begun.length, ended.length]);
    for (const { id } of begun) {
      const own = ended.filter(({ causationId }) => causationId === id);
      if (own.length !== 1) wrong.push([begin, id, own.map(({ type }) => type)]);
    }
  }
  expect(wrong, "what has begun and not ended once").toEqual([]);
}
