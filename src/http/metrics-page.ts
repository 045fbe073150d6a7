import type { Diagnostics } from "../diagnostics/index.ts";
import type { Exposition } from "../sinks/metrics/index.ts";
import { prefersOpenMetrics } from "./negotiate.ts";
import { toOpenMetrics } from "./open-metrics.ts";

export const TEXT_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
export const OPEN_METRICS_CONTENT_TYPE =
  "application/openmetrics-text; version=1.0.0; charset=utf-8";

export interface MetricsPageOptions {
  readonly product: Exposition;
  /** The OTel metrics in the text format. */
  readonly otel: () => Promise<string>;
  readonly diagnostics: Diagnostics;
}

export interface MetricsPage {
  readonly contentType: string;
  readonly body: string;
}

/** Product and OTel metrics on one page, in the format that `accept` asks for. */
export function createMetricsPage(options: MetricsPageOptions) {
  async function otelText(): Promise<string> {
    try {
      return await options.otel();
    } catch {
      options.diagnostics.warnOnce("metrics", "collect", "the OTel metrics could not be collected");
      options.diagnostics.dropped("metrics", "collect_failed", 1);
      return "";
    }
  }

  return async function render(accept: string | null): Promise<MetricsPage> {
    if (prefersOpenMetrics(accept)) {
      const [product, otel] = await Promise.all([options.product.openMetrics(), otelText()]);
      return {
        contentType: OPEN_METRICS_CONTENT_TYPE,
        body: `${product}${toOpenMetrics(otel)}# EOF\n`,
      };
    }
    const [product, otel] = await Promise.all([options.product.text(), otelText()]);
    return { contentType: TEXT_CONTENT_TYPE, body: `${product}${withSamples(otel)}` };
  };
}

/** Before the first call the serializer writes a comment without a line end, which no parser takes. */
function withSamples(otel: string): string {
  return otel.endsWith("\n") ? otel : "";
}
