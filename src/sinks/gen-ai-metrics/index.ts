export {
  createGenAiMetricsSink,
  genAiMetricsSubscription,
  type GenAiMetricsSink,
} from "./gen-ai-metrics-sink.ts";
