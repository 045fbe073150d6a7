import type { HrTime } from "@opentelemetry/api";

/** Unix milliseconds as OTel time. A bare number would be taken for `performance.now()` when it is small. */
export function toHrTime(epochMs: number): HrTime {
  return [Math.trunc(epochMs / 1000), Math.trunc((epochMs % 1000) * 1e6)];
}
