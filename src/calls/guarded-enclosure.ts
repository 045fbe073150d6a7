import type { Diagnostics } from "../diagnostics/index.ts";
import type { Enclosure } from "../events/index.ts";

/** An enclosure that may throw, made safe: the call in it runs exactly once, and its result or error is its own. */
export function guardEnclosure<End>(
  enclosure: Enclosure<End>,
  diagnostics: Diagnostics,
): Enclosure<End> {
  function guard(step: () => void): void {
    try {
      step();
    } catch {
      diagnostics.handlerFailed("around");
      diagnostics.warnOnce(
        "around",
        "threw",
        "what encloses the calls threw; spans may be missing",
      );
    }
  }

  return {
    ...(enclosure.traceId !== undefined && { traceId: enclosure.traceId }),
    ...(enclosure.spanId !== undefined && { spanId: enclosure.spanId }),
    run(fn) {
      let settled: Settled<ReturnType<typeof fn>> | undefined;
      guard(() => enclosure.run(() => void (settled ??= settle(fn))));
      settled ??= settle(fn);
      if ("error" in settled) throw settled.error;
      return settled.value;
    },
    close: (end, content) => guard(() => enclosure.close(end, content)),
  };
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

function settle<T>(fn: () => T): Settled<T> {
  try {
    return { value: fn() };
  } catch (error) {
    return { error };
  }
}
