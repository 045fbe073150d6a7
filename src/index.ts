export type {
  AgentSpec,
  Approval,
  ApprovalSpec,
  RetrievalSpec,
  ToolSpec,
} from "./activities/index.ts";
export type { BusStatistics, HandlerStatistics, MiddlewareStatistics } from "./bus/index.ts";
export type {
  ChatMessage,
  ChatParameters,
  MonitoredLlm,
  MonitoredLlmOptions,
  Prompt,
} from "./clients/index.ts";
export type {
  AuditOptions,
  ContentOptions,
  EventsOptions,
  LangfuseOptions,
  LogOptions,
  MetricsOptions,
  ObservabilityOptions,
  OtlpOptions,
  PricingOptions,
  RedactionOptions,
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
export { categoryOf, isReplayed } from "./events/index.ts";
export type {
  ActivityCompleted,
  ActivityFailed,
  ActivityOutcome,
  AgentCompletedData,
  AgentData,
  AgentErrorData,
  AgentSwitchedData,
  AgentTally,
  ApprovalData,
  ApprovalTimeoutData,
  Attempt,
  CallContent,
  CallContext,
  ContentMessage,
  ContentPart,
  Cost,
  Decision,
  DecisionData,
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
  MessageRole,
  OperationName,
  Outcome,
  OutputChunks,
  PriceOverride,
  QueueOptions,
  RequestParameters,
  RetrievalCompletedData,
  RetrievalContent,
  RetrievalData,
  RetrievalFailedData,
  SessionEndedData,
  SessionMessageAddedData,
  SessionStartedData,
  SessionUpdatedData,
  SinkHealth,
  SystemAlertData,
  SystemErrorData,
  SystemStartedData,
  SystemStoppedData,
  TerminalEvent,
  ToolDefinition,
  ToolApprovalData,
  ToolCompletedData,
  ToolContent,
  ToolData,
  ToolFailedData,
  ToolType,
  Usage,
  WorkflowCompletedData,
  WorkflowData,
  WorkflowFailedData,
} from "./events/index.ts";
export {
  langfuseSpanProcessor,
  type LangfuseSpanProcessorOptions,
} from "./runtime/langfuse-span-processor.ts";

export type { FastifyLikeReply, FastifyLikeRequest, NodeHandler } from "./runtime/node-handler.ts";
export type {
  DashboardOptions,
  HealthStatus,
  Observability,
  ObserveOptions,
  Score,
  ServerStatus,
  ShutdownReport,
} from "./runtime/observability.ts";
export type { AgentContext, AgentRun, CurrentAgent } from "./sinks/agent-context/index.ts";
export type {
  AgentProcessing,
  EventMetrics,
  EventMetricsSnapshot,
  HitlRequests,
  ToolExecutions,
} from "./sinks/event-metrics/index.ts";
export type {
  PageQuery,
  RequestTotals,
  SessionError,
  SessionField,
  SessionFieldValue,
  SessionMetrics,
  SessionPage,
  SessionQuery,
  SessionRecord,
  SessionRequest,
  SessionTotals,
  UserPage,
  UserRecord,
  Widened,
} from "./sinks/session-metrics/index.ts";
export type {
  MiddlewareOptions,
  SubscribedEvent,
  SubscribeOptions,
} from "./runtime/subscribe-options.ts";
export type {
  EventPage,
  EventQuery,
  EventStore,
  ReplayReport,
  StoredEvent,
} from "./sinks/event-store/index.ts";
export type {
  AuditHead,
  AuditLog,
  AuditPage,
  AuditQuery,
  AuditRecord,
} from "./sinks/audit-log/index.ts";
export type { RedactionPattern, SemconvVersion } from "./semconv/index.ts";
