import { activityEventDocs } from "./activity-event-docs.ts";
import { approvalEventDocs } from "./approval-event-docs.ts";
import type { EventData, EventOf, EventType } from "./event.ts";
import { CONTEXT_DOC, type EventDoc, field, type FieldDocs, optional } from "./field-docs.ts";
import type { LlmCallData, LlmTerminalData } from "./llm-events.ts";

/** The fields that every event has, `data` excepted. */
export const envelopeDocs: FieldDocs<Omit<EventOf<EventType>, "data">> = {
  id: field("string", "Unique id of the event (UUID)."),
  type: field("string", "Type of the event."),
  category: field("string", "Category of its type."),
  timestamp: field("number", "Unix epoch in milliseconds."),
  sessionId: optional("string", "Session that it belongs to."),
  correlationId: optional(
    "string",
    "The same for all events of one operation, or of the outermost agent, tool or workflow around it.",
  ),
  causationId: optional("string", "Id of the event that led to this one."),
  traceId: optional("string", "W3C trace id, 32 hex digits; missing when nothing is traced."),
  spanId: optional("string", "W3C span id, 16 hex digits."),
};

const callDocs: FieldDocs<LlmCallData> = {
  provider: field("string", "GenAI provider name, e.g. `openai`."),
  model: field("string", "Model as requested."),
  operation: field("string", "GenAI operation name, e.g. `chat`."),
  wireFormat: field("string", "Format of request and answer, e.g. `openai.chat_completions`."),
  stream: field("boolean", "A streamed answer was asked for."),
  messagesCount: field("number", "Messages or other inputs of the request."),
  toolsCount: field("number", "Tools offered by the request."),
  serverAddress: field("string", "Host that the call goes to."),
  serverPort: field("number", "Port that the call goes to."),
  parameters: field(
    "RequestParameters",
    "Sampling parameters as sent, such as `temperature`; never content.",
  ),
  conversationId: optional("string", "The provider's id of a conversation that it keeps."),
  previousResponseId: optional("string", "Id of the answer that the request goes on from."),
  context: CONTEXT_DOC,
};

const terminalDocs: FieldDocs<LlmTerminalData> = {
  ...callDocs,
  outcome: field("string", "How the operation ended."),
  durationMs: field("number", "From the first attempt to the end, back-off included."),
  headersMs: optional("number", "From sending the last attempt to its response headers."),
  backoffMs: optional("number", "Waiting between attempts; missing without a retry."),
  timeToFirstTokenMs: optional("number", "From sending the last attempt to its first content."),
  outputChunks: optional("OutputChunks", "Count and times of the content chunks of a stream."),
  attempts: field("Attempt[]", "HTTP exchanges, in their order."),
  httpStatus: optional("number", "Status of the last answer."),
  responseId: optional("string", "The provider's id of the answer."),
  responseModel: optional("string", "Model that answered."),
  finishReasons: field("string[]", "The provider's own words, one for each finished choice."),
  openChoices: optional("number[]", "Places of the choices that never told a finish reason."),
  toolCallsCount: field("number", "Tool calls in the answer."),
  serviceTier: optional("string", "Service tier of the answer."),
  systemFingerprint: optional("string", "Fingerprint of the answer's back end."),
  usage: optional("Usage", "Tokens, cached ones included in input, reasoning in output."),
  cost: optional("Cost", "US dollars and where the price came from; missing when unknown."),
  content: optional(
    "CallContent",
    "What was said, redacted; only where [content is captured](content.md).",
  ),
};

/** What the events page says of each type. */
export const eventDocs: { readonly [T in EventType]: EventDoc<EventData[T]> } = {
  llm_request_started: {
    published: "before the first HTTP exchange of an LLM operation.",
    data: callDocs,
  },
  llm_request_completed: {
    published: "when the whole answer was read; the operation ended as `success`.",
    data: { ...terminalDocs, outcome: field("string", "`success`.") },
  },
  llm_request_failed: {
    published: "when an operation ended in any other way.",
    data: {
      ...terminalDocs,
      outcome: field("string", "`error`, `aborted`, `abandoned` or `truncated`."),
      errorType: field("string", "A provider's code, an HTTP status or an error name; no message."),
    },
  },
  ...activityEventDocs,
  ...approvalEventDocs,
  session_started: {
    published: "when a session is started, or first named by a call.",
    data: {
      userId: optional("string", "User that the session belongs to."),
      metadata: optional("object", "What the application said of the session."),
    },
  },
  session_updated: {
    published: "by `updateSession()`.",
    data: {
      userId: optional("string", "User that the session belongs to from now on."),
      metadata: optional("object", "What the application said anew."),
    },
  },
  session_message_added: {
    published: "by `addSessionMessage()`.",
    data: {
      role: field("string", "`system`, `developer`, `user`, `assistant`, `tool` or `other`."),
      messageId: optional("string", "The application's own id of the message."),
    },
  },
  session_ended: {
    published: "when a session is ended, has expired or was evicted.",
    data: {
      durationMs: field("number", "From the start of the session to its end."),
      requests: field("number", "Operations in the session."),
      totalTokens: field("number", "Input and output tokens of the session."),
      costUsd: field("number", "Known cost of the session in US dollars."),
      reason: field("string", "`ended`, `expired` or `evicted`."),
    },
  },
  system_started: {
    published: "when observation has started.",
    data: { version: field("string", "Version of this package.") },
  },
  system_stopped: {
    published: "by `shutdown()`.",
    data: { lost: field("number", "Telemetry that was lost since start.") },
  },
  system_error: {
    published: "at the first occurrence of each problem of this package itself.",
    data: {
      component: field("string", "What failed: a destination such as `langfuse`, or `server`."),
      message: field("string", "What happened and what to do; no secret, no content."),
    },
  },
  system_alert: {
    published: "by `alert()`; it belongs to the agent, tool or session that it is raised in.",
    data: {
      name: field("string", "What is wrong."),
      severity: field("string", "`info`, `warning` or `critical`."),
      message: field("string", "The application's own words."),
    },
  },
};
