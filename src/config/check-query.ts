import { ObservabilityError } from "../errors/index.ts";
import { categoryOf, isEventType } from "../events/index.ts";
import {
  type Check,
  type Checks,
  expected,
  fieldsProblem,
  isFields,
  listProblem,
} from "./check-fields.ts";

/** What the fields of queries may be. */
export const queryField = {
  text: (value) => expected("a text", typeof value === "string"),
  flag: (value) => expected("true or false", typeof value === "boolean"),
  time: (value) => expected("a time in milliseconds since 1970", Number.isFinite(value)),
  eventType: (value) =>
    expected("one of the event types", typeof value === "string" && isEventType(value)),
  eventTypes: (value) => listProblem(value, Object.keys(categoryOf), "event type"),
} as const satisfies Checks;

export function wholeNumber(from: number, to: number): Check {
  const range = to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`;
  return (value) =>
    expected(
      `a whole number ${range}`,
      Number.isSafeInteger(value) && Number(value) >= from && Number(value) <= to,
    );
}

/**
 * `of` names what is asked, such as `audit log`.
 * @throws QUERY_INVALID, naming each field that is wrong and what it may be
 */
export function checkQuery(of: string, query: unknown, checks: Checks): void {
  const problem = isFields(query) ? fieldsProblem(query, checks) : "it must be an object";
  if (problem !== undefined) throw invalidQuery(of, problem);
}

/** For a cursor that none of its pages has given. */
export function invalidCursor(of: string): ObservabilityError {
  return invalidQuery(of, "`cursor` must be the nextCursor of a page");
}

export function invalidQuery(of: string, problem: string): ObservabilityError {
  return new ObservabilityError("QUERY_INVALID", `Query of the ${of}: ${problem}.`);
}
