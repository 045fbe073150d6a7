import type { BusStatistics, Subscription } from "../../bus/index.ts";
import type { AuditLog } from "../../sinks/audit-log/index.ts";
import type { EventMetrics } from "../../sinks/event-metrics/index.ts";
import type { SessionMetrics } from "../../sinks/session-metrics/index.ts";

/** What the REST API reads and, by one route, forgets. */
export interface RestPorts {
  readonly sessionMetrics: SessionMetrics;
  readonly eventMetrics: EventMetrics;
  readonly auditLog: AuditLog;
  readonly statistics: () => BusStatistics;
  readonly subscribe: (subscription: Subscription) => () => void;
}
