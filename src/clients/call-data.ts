import type { CallStore } from "../calls/index.ts";
import type { LlmCallData } from "../events/index.ts";
import type { Endpoint } from "./endpoints.ts";

const MAX_MODEL_LENGTH = 256;

/** What is known of a call before it is sent. */
export function callData(
  endpoint: Endpoint,
  body: unknown,
  provider: string | undefined,
  store: CallStore,
): LlmCallData {
  const request = endpoint.reader.readRequest(body, endpoint.pathname);
  return {
    provider: provider ?? endpoint.provider,
    model: modelName(request.model),
    operation: request.operation,
    wireFormat: endpoint.reader.format,
    stream: request.stream,
    messagesCount: request.messagesCount,
    toolsCount: request.toolsCount,
    serverAddress: endpoint.host,
    serverPort: endpoint.port,
    parameters: request.parameters,
    conversationId: request.conversationId,
    previousResponseId: request.previousResponseId,
    context: store.context,
  };
}

/** It is in every span, event and log line; what is longer than any name is none. */
function modelName(model: string | undefined): string {
  return model === undefined || model.length > MAX_MODEL_LENGTH ? "unknown" : model;
}
