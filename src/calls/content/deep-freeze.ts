/** Freezes a tree of plain objects and lists, as deep as it goes: what one reader gets, the next one gets too. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
