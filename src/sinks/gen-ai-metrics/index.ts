export { createGenAiMetricsSink } from "./gen-ai-metrics-sink.ts";
