import type { ResolvedConfig } from "../config/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import type { HealthStatus } from "../runtime/observability.ts";
import type { MetricsPage } from "./metrics-page.ts";
import type { RestPorts } from "./rest/ports.ts";

/** What the pages and routes are made of. */
export interface HandlerOptions {
  readonly renderMetrics: (accept: string | null) => Promise<MetricsPage>;
  readonly health: () => Promise<HealthStatus>;
  /** What the REST API reads. */
  readonly rest: RestPorts;
  readonly config: Pick<
    ResolvedConfig["server"],
    "tokens" | "protectMetrics" | "allowUnauthenticatedMount" | "basePath" | "maxRequestsPerMinute"
  >;
  readonly diagnostics: Diagnostics;
  /** Milliseconds; never goes back. */
  readonly now: () => number;
}
