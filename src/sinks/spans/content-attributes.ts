import type { ActivityContent, CallContent } from "../../events/index.ts";
import { type AttributeList, setAttribute, attribute } from "../../semconv/index.ts";

/** What was said, as JSON texts: SDKs up to 2.x keep no structured values. */
export function contentAttributes(content: CallContent): AttributeList {
  const attributes: AttributeList = [];
  setAttribute(attributes, attribute.inputMessages, json(content.inputMessages));
  setAttribute(attributes, attribute.outputMessages, json(content.outputMessages));
  setAttribute(attributes, attribute.systemInstructions, json(content.systemInstructions));
  setAttribute(attributes, attribute.toolDefinitions, json(content.toolDefinitions));
  setAttribute(attributes, attribute.contentTruncated, content.truncated);
  return attributes;
}

/** What a tool or a search was given and gave back; a text is told as it is. */
export function addActivityContent(attributes: AttributeList, content: ActivityContent): void {
  setAttribute(attributes, attribute.toolCallArguments, textOf(content.arguments));
  setAttribute(attributes, attribute.toolCallResult, textOf(content.result));
  setAttribute(attributes, attribute.retrievalQueryText, content.query);
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  return JSON.stringify(value);
}

function json(value: readonly object[] | undefined): string | undefined {
  return value && JSON.stringify(value);
}
