import type { Attributes } from "@opentelemetry/api";
import type { CallContent } from "../../events/index.ts";
import { attribute } from "../../semconv/index.ts";
import { setAttribute } from "./set-attribute.ts";

/** What was said, as JSON texts: SDKs up to 2.x keep no structured values. */
export function contentAttributes(content: CallContent): Attributes {
  const attributes: Attributes = {};
  setAttribute(attributes, attribute.inputMessages, json(content.inputMessages));
  setAttribute(attributes, attribute.outputMessages, json(content.outputMessages));
  setAttribute(attributes, attribute.systemInstructions, json(content.systemInstructions));
  setAttribute(attributes, attribute.toolDefinitions, json(content.toolDefinitions));
  setAttribute(attributes, attribute.contentTruncated, content.truncated);
  return attributes;
}

function json(value: readonly object[] | undefined): string | undefined {
  return value && JSON.stringify(value);
}
