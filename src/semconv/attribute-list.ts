import type { Attributes, AttributeValue } from "@opentelemetry/api";

/** Names and values in turn: V8 makes and reads an object of two dozen names several times as slowly. */
export type AttributeList = (string | AttributeValue)[];

/** Adds what is known; what is not, or what plain JavaScript put there and is no attribute, is left out. */
export function setAttribute(
  list: AttributeList,
  name: string,
  value: AttributeValue | undefined,
): void {
  if (value === undefined || (typeof value === "object" && !Array.isArray(value))) return;
  list.push(name, value);
}

/** The list as OTel takes it. Of two values of one name the later counts. */
export function asAttributes(list: Readonly<AttributeList>): Attributes {
  const attributes: Attributes = {};
  for (let at = 0; at < list.length; at += 2) attributes[String(list[at])] = list[at + 1];
  return attributes;
}
