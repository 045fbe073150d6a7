import { AggregationTemporality, MetricReader } from "@opentelemetry/sdk-metrics";

/** Collects when it is asked, and sends nothing. */
export class PullReader extends MetricReader {
  override selectAggregationTemporality(): AggregationTemporality {
    return AggregationTemporality.CUMULATIVE;
  }
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
