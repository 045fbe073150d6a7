import { createDiagnostics, type Diagnostics } from "../../diagnostics/index.ts";
import type { Report } from "../protocol.ts";

type Findings = Pick<Report, "exported" | "dropped" | "warnings">;

/** What sinks say and count in a recording, until it is handed to the application, which says and counts it. */
export interface ForwardedDiagnostics {
  readonly diagnostics: Diagnostics;
  /** What was found since the last time. */
  take(): Findings;
}

/** `onFirst` is told of the first finding after each `take()`. */
export function createForwardedDiagnostics(onFirst: () => void): ForwardedDiagnostics {
  let found = createDiagnostics();
  let warnings: Report["warnings"][number][] = [];
  let hasFound = false;

  function noted(): void {
    if (hasFound) return;
    hasFound = true;
    onFirst();
  }

  return {
    diagnostics: {
      ...found,
      warnOnce(...warning) {
        warnings.push(warning);
        noted();
      },
      dropped(...loss) {
        found.dropped(...loss);
        noted();
      },
      exported(...success) {
        found.exported(...success);
        noted();
      },
    },
    take() {
      const { exported, dropped } = found.counters;
      const findings: Findings = {
        exported: [...exported],
        dropped: [...dropped.values()].map(({ destination, reason, count }) => [
          destination,
          reason,
          count,
        ]),
        warnings,
      };
      found = createDiagnostics();
      warnings = [];
      hasFound = false;
      return findings;
    },
  };
}
