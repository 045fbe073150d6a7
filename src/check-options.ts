import { type Checks, expected, fieldsProblem, isFields } from "./config/index.ts";
import { ObservabilityError } from "./errors/index.ts";

const text = (value: unknown) => expected("a text", typeof value === "string");
const flag = (value: unknown) => expected("true or false", typeof value === "boolean");
const duration = (value: unknown) =>
  expected("a number of milliseconds", typeof value === "number" && value > 0);

const checks = {
  observe: { provider: text, includeUsage: flag },
  createMonitoredLlm: { baseUrl: text, apiKey: text, timeoutMs: duration },
  generateGrafanaDashboard: { title: text, prefix: text },
} as const satisfies Readonly<Record<string, Checks>>;

/**
 * What a method of the facade is given at set-up, by a program that perhaps has no types.
 * @throws CONFIGURATION_INVALID, naming all that is wrong; no value is shown
 */
export function checkOptions(method: keyof typeof checks, options: unknown): void {
  if (options === undefined) return;
  const problem = isFields(options)
    ? fieldsProblem(options, checks[method])
    : "options must be an object";
  if (problem === undefined) return;
  throw new ObservabilityError("CONFIGURATION_INVALID", `${method}(): ${problem}.`);
}
