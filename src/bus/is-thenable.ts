/** What `await` would wait for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value === undefined || value === null) return false;
  if (typeof value !== "object" && typeof value !== "function") return false;
  return "then" in value && typeof value.then === "function";
}
