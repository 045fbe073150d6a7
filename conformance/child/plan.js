/**
 * What one child process is to do; the parent writes it, the child reads it.
 *
 * @typedef {object} ChildPlan
 * @property {{ id: string, family: "openai" | "anthropic" | "ollama" | "fetch", version: string }} subject
 * @property {"bare" | "observe" | "register"} mode
 * @property {"own" | "app" | "throwing"} otel Whose tracer provider there is: ours, the application's, one that throws.
 * @property {string} [otelLoader] Where the application's OTel SDK is loaded from.
 * @property {string} [loader] Where the SDK is loaded from.
 * @property {string} [specifier] The SDK's name there.
 * @property {string} [broken] The name of an observer that is broken on purpose.
 * @property {readonly string[]} [only] Ids of scenarios.
 * @property {string} output File of the result.
 * @property {string} logFile Where the JSON log goes.
 * @property {string} sinkUrl OTLP endpoint.
 * @property {number} [metricsPort] Where /metrics is served, when it can't be asked in process.
 */

import { readFileSync } from "node:fs";

/** @returns {ChildPlan} */
export function readPlan(file = process.argv[2]) {
  return JSON.parse(readFileSync(file, "utf8"));
}
