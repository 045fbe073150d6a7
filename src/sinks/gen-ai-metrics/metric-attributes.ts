import type { Attributes } from "@opentelemetry/api";
import type { LlmTerminalData } from "../../events/index.ts";
import type { LabelLimiter } from "../../redaction/index.ts";
import { attribute } from "../../semconv/index.ts";

/** The attributes whose values the application, or the provider, chooses freely. */
export const FREE_ATTRIBUTES = [
  attribute.providerName,
  attribute.requestModel,
  attribute.responseModel,
  attribute.serverAddress,
  attribute.errorType,
] as const;

/** Attributes that every standard client metric carries (GenAI conventions v1.41, metrics page). */
export function metricAttributes(
  data: LlmTerminalData,
  errorType: string | undefined,
  limiter: LabelLimiter,
): { readonly base: Attributes; readonly error: Attributes } {
  const [provider = "", model = "", responseModel = "", address = "", error = ""] = limiter.admit([
    data.provider,
    data.model,
    data.responseModel ?? "",
    data.serverAddress,
    errorType ?? "",
  ]);
  const base: Attributes = {
    [attribute.operationName]: data.operation,
    [attribute.providerName]: provider,
    [attribute.requestModel]: model,
    [attribute.serverAddress]: address,
    [attribute.serverPort]: data.serverPort,
  };
  if (responseModel !== "") base[attribute.responseModel] = responseModel;
  return { base, error: error === "" ? base : { ...base, [attribute.errorType]: error } };
}
