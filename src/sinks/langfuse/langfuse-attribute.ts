/** Attributes that Langfuse reads on OTLP ingestion (server 4.16, `OtelIngestionProcessor.ts`). */
export const langfuseAttribute = {
  observationType: "langfuse.observation.type",
  usageDetails: "langfuse.observation.usage_details",
  costDetails: "langfuse.observation.cost_details",
  completionStartTime: "langfuse.observation.completion_start_time",
  level: "langfuse.observation.level",
  statusMessage: "langfuse.observation.status_message",
  userId: "langfuse.user.id",
  sessionId: "langfuse.session.id",
  tags: "langfuse.trace.tags",
  traceMetadata: "langfuse.trace.metadata",
  environment: "langfuse.environment",
  release: "langfuse.release",
  version: "langfuse.version",
  isAppRoot: "langfuse.internal.is_app_root",
  /** Not Langfuse's own name, but where it looks for the tier that selects a price. */
  requestServiceTier: "gen_ai.request.service_tier",
} as const;
