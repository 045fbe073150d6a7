import type { CallContext } from "../../events/index.ts";
import { type AttributeList, setAttribute, attribute } from "../../semconv/index.ts";

/** More keys could push usage and cost past the SDK's limit of 128 attributes a span. */
const MAX_METADATA_KEYS = 64;

/** Adds who and what a span belongs to. */
export function addContext(attributes: AttributeList, context: CallContext): void {
  setAttribute(attributes, attribute.sessionId, context.sessionId);
  setAttribute(attributes, attribute.userId, context.userId);
  if (context.tags && context.tags.length > 0)
    setAttribute(attributes, attribute.tags, [...context.tags]);
  if (!context.metadata) return;
  let left = MAX_METADATA_KEYS;
  for (const key in context.metadata) {
    if (left-- === 0) return;
    setAttribute(attributes, `${attribute.metadata}.${key}`, context.metadata[key]);
  }
}
