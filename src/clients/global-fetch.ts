import type { Fetch } from "./observe-fetch.ts";

/**
 * Puts `observed` in the place of the global `fetch`: same name, same length, and a property like the one before, so
 * that whoever replaces it later, or compares it, finds what it would have found.
 */
export function replaceGlobalFetch(observed: Fetch): void {
  const current = globalThis.fetch;
  for (const key of ["name", "length"] as const) {
    Object.defineProperty(observed, key, { value: current[key], configurable: true });
  }
  const { enumerable = true, configurable = true } =
    Object.getOwnPropertyDescriptor(globalThis, "fetch") ?? {};
  Object.defineProperty(globalThis, "fetch", {
    value: observed,
    writable: true,
    enumerable,
    configurable,
  });
}
