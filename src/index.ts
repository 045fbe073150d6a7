export type {
  ChatMessage,
  ChatParameters,
  MonitoredLlm,
  MonitoredLlmOptions,
  Prompt,
} from "./clients/index.ts";
export type {
  LangfuseOptions,
  LogOptions,
  MetricsOptions,
  ObservabilityOptions,
  OtlpOptions,
  PricingOptions,
  ServerOptions,
  SessionOptions,
  WebhookOptions,
} from "./config/index.ts";
export { createObservability } from "./create-observability.ts";
export {
  type ErrorCode,
  errorCodes,
  isObservabilityError,
  ObservabilityError,
} from "./errors/index.ts";
export { categoryOf } from "./events/index.ts";
export type {
  Attempt,
  CallContext,
  Cost,
  Event,
  EventCategory,
  EventData,
  EventHandler,
  EventOf,
  EventType,
  LlmCallData,
  LlmCompletedData,
  LlmFailedData,
  LlmTerminalData,
  OperationName,
  Outcome,
  PriceOverride,
  RequestParameters,
  SessionEndedData,
  SessionStartedData,
  SinkHealth,
  SystemErrorData,
  SystemStartedData,
  SystemStoppedData,
  TerminalEvent,
  Usage,
} from "./events/index.ts";
export {
  langfuseSpanProcessor,
  type LangfuseSpanProcessorOptions,
} from "./runtime/langfuse-span-processor.ts";
export type {
  DashboardOptions,
  HealthStatus,
  Observability,
  ObserveOptions,
  Score,
  ServerStatus,
  ShutdownReport,
  SubscribeOptions,
} from "./runtime/observability.ts";
