import { ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { CellMeter, Instrument } from "../../src/runtime/cell-meter.ts";

const NO_TIMES = { startTime: [0, 0], endTime: [0, 0] } satisfies Record<string, [number, number]>;

/** All that `meter` recorded, in the shape that OTel's exporters take; without times. */
export function collectMetrics({ resource, instruments }: CellMeter): ResourceMetrics {
  const metrics = instruments.map(metricData).filter((data) => data.dataPoints.length > 0);
  return { resource, scopeMetrics: [{ scope: { name: "test" }, metrics }] };
}

function metricData(instrument: Instrument): MetricData {
  const { name, options } = instrument;
  const { description = "", unit = "", valueType = ValueType.DOUBLE } = options;
  const common = {
    descriptor: { name, description, unit, valueType },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (instrument.type === "sum") {
    const dataPoints = [...instrument.cells.byText.values()].map(({ attributes, cell }) => ({
      ...NO_TIMES,
      attributes,
      value: cell.value,
    }));
    return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
  }
  const dataPoints = [...instrument.cells.byText.values()].map(({ attributes, cell }) => ({
    ...NO_TIMES,
    attributes,
    value: {
      buckets: { boundaries: [...cell.bounds], counts: [...cell.counts] },
      count: cell.count,
      sum: cell.sum,
      min: cell.min,
      max: cell.max,
    },
  }));
  return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
}
