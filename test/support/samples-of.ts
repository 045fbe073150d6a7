import { ValueCell } from "../../src/sinks/metrics/cells.ts";
import type { HistogramCell } from "../../src/sinks/metrics/cells.ts";
import type { MetricFamily } from "../../src/sinks/metrics/index.ts";

/** One line of an exposition, in the shape that a prom-client registry prints. */
export interface PrintedSample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Default: the metric's own name. */
  readonly metricName?: string;
  /** Printed by an OpenMetrics registry. */
  readonly exemplar?: {
    readonly labelSet: Readonly<Record<string, string>>;
    readonly value: number;
    readonly timestamp: number;
  };
}

/** All that a metric has counted. */
export function samplesOf(family: MetricFamily): PrintedSample[] {
  return [...family.series].flatMap(({ labels, cell }) =>
    cell instanceof ValueCell
      ? [{ value: cell.value, labels }]
      : histogramSamples(family.definition.name, labels, cell),
  );
}

function histogramSamples(
  name: string,
  labels: Readonly<Record<string, string>>,
  cell: HistogramCell,
): PrintedSample[] {
  let cumulative = 0;
  const buckets = cell.counts.map((count, index) => {
    cumulative += count;
    const exemplar = cell.exemplars[index];
    return {
      metricName: `${name}_bucket`,
      value: cumulative,
      labels: { ...labels, le: cell.bounds[index] ?? "+Inf" },
      ...(exemplar && {
        exemplar: {
          labelSet: { trace_id: exemplar.traceId, span_id: exemplar.spanId },
          value: exemplar.value,
          timestamp: exemplar.timestamp,
        },
      }),
    };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, value: cell.sum, labels: { ...labels } },
    { metricName: `${name}_count`, value: cumulative, labels: { ...labels } },
  ];
}
