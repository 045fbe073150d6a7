import type { LlmTerminalData } from "../../events/index.ts";
import {
  attribute,
  type MetricDefinition,
  OVERFLOW_LABEL_VALUE,
  prometheusName,
  type SemconvProfile,
} from "../../semconv/index.ts";
import type { HistogramCell } from "./cells.ts";
import { histogram, type MetricFamily } from "./metric-family.ts";

/** Sets of labels, of some 17 lines each; further ones share one. As many as OTel's metrics have here. */
const MAX_SERIES = 300;

const LABELS = [
  attribute.operationName,
  attribute.providerName,
  attribute.requestModel,
  attribute.responseModel,
  attribute.serverAddress,
  attribute.serverPort,
].map(prometheusName);

/** The standard metric of the time per output chunk, in cells of ours: OTel's would cost a record for each chunk. */
export interface ChunkGapMetric {
  readonly family: MetricFamily<HistogramCell>;
  record(data: LlmTerminalData): void;
}

export function createChunkGapMetric(
  { timePerOutputChunk }: SemconvProfile,
  maxLabelValues: number,
): ChunkGapMetric {
  const definition: MetricDefinition = {
    name: prometheusName(timePerOutputChunk.name),
    type: "histogram",
    help: timePerOutputChunk.description,
    unit: "seconds",
    labels: LABELS,
    buckets: timePerOutputChunk.buckets,
  };
  const family = histogram(definition, maxLabelValues);
  const cells = new Map<string, HistogramCell>();

  function cellOf(labels: readonly string[]): HistogramCell {
    const key = labels.join("\u0000");
    const known = cells.get(key);
    if (known) return known;
    if (cells.size >= MAX_SERIES) return family.cell(...LABELS.map(() => OVERFLOW_LABEL_VALUE));
    const cell = family.cell(...labels);
    cells.set(key, cell);
    return cell;
  }

  return {
    family,
    record(data) {
      const { outputChunks } = data;
      if (outputChunks === undefined || outputChunks.count < 2) return;
      const cell = cellOf([
        data.operation,
        data.provider,
        data.model,
        data.responseModel ?? "",
        data.serverAddress,
        String(data.serverPort),
      ]);
      cell.addCounts(outputChunks.gapCounts, outputChunks.generationMs / 1000);
    },
  };
}
