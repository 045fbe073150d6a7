import type { Attributes } from "@opentelemetry/api";
import type { LlmTerminalData } from "../../events/index.ts";
import { attribute } from "../../semconv/index.ts";

/** Attributes that every standard client metric carries (GenAI conventions v1.41, metrics page). */
export function metricAttributes(data: LlmTerminalData): Attributes {
  const attributes: Attributes = {
    [attribute.operationName]: data.operation,
    [attribute.providerName]: data.provider,
    [attribute.requestModel]: data.model,
    [attribute.serverAddress]: data.serverAddress,
    [attribute.serverPort]: data.serverPort,
  };
  if (data.responseModel !== undefined) attributes[attribute.responseModel] = data.responseModel;
  return attributes;
}
