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
} from "./options.ts";
export { type Checks, expected, fieldsProblem, isFields, listProblem } from "./check-fields.ts";
export { checkQuery, invalidCursor, queryField } from "./check-query.ts";
export type { Environment } from "./read-environment.ts";
export { type Resolution, resolveConfig } from "./resolve-config.ts";
export type { ResolvedConfig } from "./resolved-config.ts";
