import { createDiagnostics } from "../../diagnostics/index.ts";
import { type Event, serializeEvent } from "../../events/index.ts";
import { createEventMetrics } from "../../sinks/event-metrics/index.ts";
import { createSessionMetrics } from "../../sinks/session-metrics/index.ts";
import type { Output } from "../terminal.ts";

/** What events are replayed into. Each starts from nothing, so a replay gives the same each time. */
export interface ReplayTarget {
  handle(event: Event): void;
  /** All events were handed over. */
  end(): void;
}

const MAX_SESSIONS = 1_000_000;
const MAX_NAMES = 10_000;

export const replayTargets: Readonly<Record<string, (stdout: Output) => ReplayTarget>> = {
  lines: (stdout) => ({
    handle: (event) => void stdout.write(`${serializeEvent(event)}\n`),
    end: () => {},
  }),
  "session-metrics": (stdout) => {
    const sink = createSessionMetrics({
      maxSessions: MAX_SESSIONS,
      maxRequests: 0,
      retentionMs: Number.POSITIVE_INFINITY,
      // nothing grows old here
      now: () => 0,
      diagnostics: createDiagnostics(),
      subscribe: () => () => {},
    });
    return {
      handle: (event) => sink.handle(event),
      end() {
        let cursor: string | undefined;
        do {
          const page = sink.metrics.list({
            requests: false,
            ...(cursor !== undefined && { cursor }),
          });
          for (const session of page.sessions) stdout.write(`${JSON.stringify(session)}\n`);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
      },
    };
  },
  "event-metrics": (stdout) => {
    const sink = createEventMetrics({ maxNames: MAX_NAMES });
    return {
      handle: (event) => sink.handle(event),
      end: () => void stdout.write(`${JSON.stringify(sink.metrics.snapshot(), undefined, 2)}\n`),
    };
  },
};
