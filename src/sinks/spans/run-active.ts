import { type Context, context } from "@opentelemetry/api";
import type { Guard } from "./guard.ts";

/**
 * Runs `fn` exactly once with `active` as the context. A context manager that throws before, or after, changes
 * nothing: the caller gets what `fn` returned or threw.
 */
export function runActive<T>(active: Context, fn: () => T, guard: Guard): T {
  let result: { readonly value: T } | { readonly error: unknown } | undefined;
  guard(() =>
    context.with(active, () => {
      if (result) return;
      result = attempt(fn);
    }),
  );
  const settled = result ?? attempt(fn);
  if ("error" in settled) throw settled.error;
  return settled.value;
}

function attempt<T>(fn: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: fn() };
  } catch (error) {
    return { error };
  }
}
