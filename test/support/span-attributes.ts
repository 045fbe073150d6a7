import type { Attributes } from "@opentelemetry/api";
import { asAttributes } from "../../src/semconv/index.ts";
import * as spans from "../../src/sinks/spans/index.ts";

/** What a span knows of a request, as an object. */
export function requestAttributes(...args: Parameters<typeof spans.requestAttributes>): Attributes {
  return asAttributes(spans.requestAttributes(...args));
}

/** The same of an answer. */
export function responseAttributes(
  ...args: Parameters<typeof spans.responseAttributes>
): Attributes {
  return asAttributes(spans.responseAttributes(...args));
}
