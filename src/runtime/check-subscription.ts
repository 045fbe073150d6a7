import { type Checks, expected, fieldsProblem, isFields, listProblem } from "../config/index.ts";
import { ObservabilityError } from "../errors/index.ts";
import { categoryOf } from "../events/index.ts";

const MAX_NAME_LENGTH = 100;
const MAX_QUEUE_SIZE = 1_000_000;
const OVERFLOWS = ["drop-newest", "drop-oldest"];
// oxlint-disable-next-line no-control-regex -- they would end a line of the log
const CONTROL = /[\u0000-\u001f\u007f]/;

const optionChecks: Checks = {
  types: (value) => listProblem(value, Object.keys(categoryOf), "event type"),
  categories: (value) => listProblem(value, [...new Set(Object.values(categoryOf))], "category"),
  name: nameProblem,
  priority: (value) => expected("a number", Number.isFinite(value)),
  once: (value) => expected("true or false", typeof value === "boolean"),
  signal: (value) => expected("an AbortSignal", isSignal(value)),
  queue: (value) => (isFields(value) ? fieldsProblem(value, queueChecks) : "must be an object"),
};

const queueChecks: Checks = {
  maxSize: (value) => expected(`a whole number from 1 to ${MAX_QUEUE_SIZE}`, isQueueSize(value)),
  overflow: (value) =>
    expected(`one of ${OVERFLOWS.join(", ")}`, OVERFLOWS.includes(value as string)),
};

/** @throws SUBSCRIPTION_INVALID, naming all that is wrong; nothing is subscribed then. */
export function checkSubscription(handler: unknown, options: unknown): void {
  check("subscribe", handler, fieldsOrProblem(options, optionChecks));
}

/** @throws SUBSCRIPTION_INVALID */
export function checkMiddleware(middleware: unknown, options: unknown): void {
  check("use", middleware, fieldsOrProblem(options, { name: nameProblem }));
}

function check(method: string, handler: unknown, problem: string | undefined): void {
  const problems: string[] = [];
  if (typeof handler !== "function") {
    problems.push(
      `its first argument must be a function, got ${handler === null ? "null" : typeof handler}`,
    );
  }
  if (problem !== undefined) problems.push(problem);
  if (problems.length === 0) return;
  throw new ObservabilityError("SUBSCRIPTION_INVALID", `${method}(): ${problems.join("; ")}.`);
}

function fieldsOrProblem(options: unknown, checks: Checks): string | undefined {
  if (options === undefined) return undefined;
  return isFields(options) ? fieldsProblem(options, checks) : "options must be an object";
}

function nameProblem(value: unknown): string | undefined {
  return expected(
    `a text of 1 to ${MAX_NAME_LENGTH} characters without control characters`,
    typeof value === "string" &&
      value !== "" &&
      value.length <= MAX_NAME_LENGTH &&
      !CONTROL.test(value),
  );
}

function isQueueSize(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_QUEUE_SIZE;
}

/** By what is needed of it: it may come from another realm. */
function isSignal(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("aborted" in value)) return false;
  return "addEventListener" in value && typeof value.addEventListener === "function";
}
