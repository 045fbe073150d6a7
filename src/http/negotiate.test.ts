import { expect, it } from "vitest";
import { prefersOpenMetrics } from "./negotiate.ts";

/** What Prometheus 2.42 sends. */
const PROMETHEUS =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

it.each<[string | null, boolean]>([
  [PROMETHEUS, true],
  ["application/openmetrics-text", true],
  ["Application/OpenMetrics-Text; Q=0.5", true],
  ["application/openmetrics-text;q=0.5,text/plain;q=0.5", true],
  ["text/plain;version=0.0.4;q=0.3,application/openmetrics-text;version=1.0.0;q=0.5", true],
  ["text/plain, application/openmetrics-text;q=0.1", false],
  ["application/openmetrics-text;q=0", false],
  ["application/openmetrics-text;q=x", false],
  ["application/openmetrics-texture", false],
  ["text/plain", false],
  ["text/html,*/*;q=0.8", false],
  ["*/*", false],
  ["", false],
  [",;,;q=", false],
  [null, false],
])("%s: %s", (accept, expected) => {
  expect(prefersOpenMetrics(accept)).toBe(expected);
});
