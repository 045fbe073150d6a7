import { productMetrics } from "../../semconv/index.ts";
import { ratio } from "../../semconv/promql.ts";
import { FAILURE_STATUSES } from "../../semconv/service-levels.ts";
import { perSecond } from "../queries.ts";

/** Share of operations that failed. */
export function failureRatio(by: readonly ("provider" | "model")[] = []): string {
  const { requests } = productMetrics;
  const failed = perSecond(requests, by, { status: `=~"${FAILURE_STATUSES.join("|")}"` });
  return ratio(failed, perSecond(requests, by));
}
