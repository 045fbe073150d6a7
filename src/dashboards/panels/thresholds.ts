import {
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Threshold,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** Where a value turns yellow and red. */
export interface Limits {
  readonly warning: number;
  readonly critical: number;
}

/** Green, or the house colour where nothing is good or bad about a number. */
export function thresholds(limits?: Limits): ThresholdsConfigBuilder {
  const steps: Threshold[] =
    limits === undefined
      ? [{ color: "blue", value: null }]
      : [
          { color: "green", value: null },
          { color: "yellow", value: limits.warning },
          { color: "red", value: limits.critical },
        ];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
