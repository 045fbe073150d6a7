import type { Diagnostics } from "../../diagnostics/index.ts";

/** Told of a tracing back end that threw. */
export type SpanDiagnostics = Pick<Diagnostics, "handlerFailed" | "warnOnce">;

/** Runs a call into the tracing back end; undefined when it threw. */
export type Guard = <T>(fn: () => T) => T | undefined;

export function createGuard(diagnostics: SpanDiagnostics | undefined): Guard {
  return (fn) => {
    try {
      return fn();
    } catch {
      diagnostics?.handlerFailed("spans");
      diagnostics?.warnOnce("spans", "threw", "the tracer threw; spans of some calls are missing.");
      return undefined;
    }
  };
}
