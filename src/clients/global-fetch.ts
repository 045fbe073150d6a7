import type { Fetch } from "./observed-mark.ts";

/**
 * Puts `observed` in the place of the global `fetch`, as a property like the one before, so that whoever replaces it
 * later finds what it would have found.
 */
export function replaceGlobalFetch(observed: Fetch): void {
  const { enumerable = true, configurable = true } =
    Object.getOwnPropertyDescriptor(globalThis, "fetch") ?? {};
  Object.defineProperty(globalThis, "fetch", {
    value: observed,
    writable: true,
    enumerable,
    configurable,
  });
}
