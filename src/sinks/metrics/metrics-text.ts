import { setImmediate } from "node:timers/promises";
import type { MetricDefinition } from "../../semconv/index.ts";
import { type HistogramCell, ValueCell } from "./cells.ts";
import { MetricFamily, type Series } from "./metric-family.ts";

/** A number and its labels. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** A counter or gauge that is kept elsewhere, and read at scrape time. */
export interface SampledMetric {
  readonly definition: MetricDefinition;
  readonly samples: () => readonly Sample[];
}

export type MetricSource = MetricFamily | SampledMetric;

export type TextFormat = "prometheus" | "openMetrics";

/** What is written in one turn of the event loop: a histogram is a dozen lines. */
const SERIES_IN_A_TURN = 100;

/**
 * The metrics as prom-client writes them, in either format, without an end. It makes an object of labels, and a text of
 * that, for each line; here a series keeps the text of its labels. Other work gets its turn in between.
 */
export async function metricsText(
  sources: readonly MetricSource[],
  format: TextFormat,
): Promise<string> {
  let text = "";
  let series = 0;
  for (const source of sources) {
    text += `${text === "" ? "" : format === "prometheus" ? "\n" : ""}${header(source, format)}`;
    if (!(source instanceof MetricFamily)) {
      text += sampleLines(source);
      continue;
    }
    const { name } = source.definition;
    for (const one of source.series) {
      text += seriesLines(name, one, format);
      series += 1;
      if (series % SERIES_IN_A_TURN === 0) await setImmediate();
    }
  }
  return text;
}

/** OpenMetrics has the `_total` of a counter on its samples alone. */
function header({ definition: { name, help, type } }: MetricSource, format: TextFormat): string {
  const isCounter = type === "counter" && format === "openMetrics";
  const family = isCounter ? name.replace(/_total$/, "") : name;
  return `# HELP ${family} ${escaped(help)}\n# TYPE ${family} ${type}\n`;
}

function sampleLines({ definition: { name }, samples }: SampledMetric): string {
  return samples()
    .map(({ labels, value }) => `${name}${inBraces(labelsText(labels))} ${number(value)}\n`)
    .join("");
}

function seriesLines(name: string, series: Series, format: TextFormat): string {
  const { cell } = series;
  series.labelsText ??= labelsText(series.labels);
  return cell instanceof ValueCell
    ? `${name}${inBraces(series.labelsText)} ${number(cell.value)}\n`
    : histogramLines(name, series.labelsText, cell, format);
}

function histogramLines(
  name: string,
  labels: string,
  { bounds, counts, exemplars, sum }: HistogramCell,
  format: TextFormat,
): string {
  const beginning = `${name}_bucket{${labels}${labels === "" ? "" : ","}le="`;
  let text = "";
  let cumulative = 0;
  for (let index = 0; index < counts.length; index += 1) {
    cumulative += counts[index] ?? 0;
    text += `${beginning}${bounds[index] ?? "+Inf"}"} ${cumulative}`;
    const exemplar = format === "openMetrics" ? exemplars[index] : undefined;
    if (exemplar) {
      const { traceId, spanId, value, timestamp } = exemplar;
      const ids = labelsText({ trace_id: traceId, span_id: spanId });
      text += ` # {${ids}} ${number(value)} ${timestamp}`;
    }
    text += "\n";
  }
  const own = inBraces(labels);
  return `${text}${name}_sum${own} ${number(sum)}\n${name}_count${own} ${cumulative}\n`;
}

function labelsText(labels: Sample["labels"]): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`)
    .join(",");
}

function inBraces(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** prom-client's words for what is no number. */
function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return "Nan";
  return value < 0 ? "-Inf" : "+Inf";
}
