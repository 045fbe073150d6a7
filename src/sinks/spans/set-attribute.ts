import type { Attributes } from "@opentelemetry/api";

/** Sets what is known; what is not is left out. */
export function setAttribute(
  attributes: Attributes,
  name: string,
  value: string | number | boolean | undefined,
): void {
  if (value !== undefined) attributes[name] = value;
}
