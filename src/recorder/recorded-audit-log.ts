import { isObservabilityError, ObservabilityError } from "../errors/index.ts";
import {
  type AuditLog,
  type AuditLogOptions,
  type AuditLogSink,
  selectionOf,
} from "../sinks/audit-log/index.ts";
import { recordedSink } from "./recorded-sink.ts";
import type { Recorder } from "./recorder.ts";

/** A disk that takes longer than this for what waits is not expected to come back. */
const FLUSH_LIMIT_MS = 60_000;
const QUERY_LIMIT_MS = 60_000;

/** The audit log in files, which is written elsewhere. */
export function recordedAuditLog(
  recorder: Recorder,
  options: Omit<AuditLogOptions, "diagnostics">,
  limitMs: number,
): AuditLogSink {
  const tally = recorder.enter("audit");
  const sink = recordedSink({ recorder, tally, limitMs });

  const query: AuditLog["query"] = async (asked = {}) => {
    // nothing is written any more, and the files are still there
    if (tally.isClosed) {
      const { createAuditLog } = await import("../sinks/audit-log/create-audit-log.ts");
      const { log } = createAuditLog({ ...options, diagnostics: recorder.diagnostics });
      return log.query(asked);
    }
    const { limit, query: checked, cursor } = selectionOf(asked);
    const { sessionId, eventType, since, until } = checked;
    const plain = { sessionId, eventType, since, until, limit, cursor };
    return recorder.ask(QUERY_LIMIT_MS, "queryAuditLog", plain).catch(failed);
  };

  const forceFlush: AuditLog["forceFlush"] = async () => {
    if (tally.isClosed) return recorder.head;
    return recorder.ask(FLUSH_LIMIT_MS, "flushAuditLog").catch(failed);
  };

  return { ...sink, priority: 10, log: { query, forceFlush, head: () => recorder.head } };
}

/** @throws what the log threw, or AUDIT_LOG_FAILING */
function failed(cause: unknown): never {
  // it has answered, and says itself what failed
  if (isObservabilityError(cause) || (cause instanceof Error && "code" in cause)) throw cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new ObservabilityError(
    "AUDIT_LOG_FAILING",
    `What records events has not answered (${reason}); try again, and see /healthz if it stays so.`,
    { cause },
  );
}
