import type { CallContent } from "../../events/index.ts";
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

function json(value: readonly object[] | undefined): string | undefined {
  return value && JSON.stringify(value);
}
