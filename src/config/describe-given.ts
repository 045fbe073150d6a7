/** Says what kind of thing was given, for "expected …, got …". Text is never shown: it might be a secret. */
export function describeGiven(value: unknown, secret?: true): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value.trim() === "" ? "an empty text" : "a text";
  if (typeof value === "number") return secret ? "a number" : `the number ${value}`;
  if (typeof value === "boolean") return secret ? "a boolean" : String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
