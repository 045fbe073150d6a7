import * as z from "zod";
import { callContext } from "./call-context-schema.ts";
import { callContent } from "./content-schema.ts";
import { named } from "./named.ts";
import { amount, count, milliseconds, text } from "./scalars.ts";
import { cost, usage } from "./usage-schema.ts";

/** As sent, sense or nonsense: hence no bounds. */
const parameters = z
  .object({
    temperature: amount.exactOptional(),
    topP: amount.exactOptional(),
    topK: amount.exactOptional(),
    maxTokens: amount.exactOptional(),
    frequencyPenalty: amount.exactOptional(),
    presencePenalty: amount.exactOptional(),
    seed: amount.exactOptional(),
    choiceCount: amount.exactOptional(),
    stopSequences: z.array(text).exactOptional(),
    outputType: z.enum(["text", "json", "image", "speech"]).exactOptional(),
    reasoningLevel: text.exactOptional(),
    serviceTier: text.exactOptional(),
    dimensionCount: amount.exactOptional(),
    encodingFormat: text.exactOptional(),
  })
  .register(named, { id: "RequestParameters" });

const call = {
  provider: text,
  model: text,
  operation: z.enum([
    "chat",
    "text_completion",
    "embeddings",
    "generate_content",
    "moderation",
    "fetch_response",
  ]),
  wireFormat: text,
  stream: z.boolean(),
  messagesCount: count,
  toolsCount: count,
  serverAddress: text,
  serverPort: count,
  parameters,
  conversationId: text.optional(),
  previousResponseId: text.optional(),
  context: callContext,
};

const outputChunks = z
  .object({
    count,
    generationMs: milliseconds,
    gapCounts: z.array(count),
    withReasoning: z.boolean().exactOptional(),
  })
  .register(named, { id: "OutputChunks" });

const attempt = z
  .object({ result: text, durationMs: milliseconds })
  .register(named, { id: "Attempt" });

const ended = {
  ...call,
  durationMs: milliseconds,
  headersMs: milliseconds.optional(),
  backoffMs: milliseconds.optional(),
  timeToFirstTokenMs: milliseconds.optional(),
  outputChunks: outputChunks.optional(),
  attempts: z.array(attempt),
  httpStatus: count.optional(),
  responseId: text.optional(),
  responseModel: text.optional(),
  finishReasons: z.array(text),
  openChoices: z.array(count).optional(),
  toolCallsCount: count,
  serviceTier: text.optional(),
  systemFingerprint: text.optional(),
  usage: usage.optional(),
  cost: cost.optional(),
  content: callContent.optional(),
};

export const llmEvents = {
  llm_request_started: z.object(call),
  llm_request_completed: z.object({ ...ended, outcome: z.literal("success") }),
  llm_request_failed: z.object({
    ...ended,
    outcome: z.enum(["error", "aborted", "abandoned", "truncated"]),
    errorType: text,
  }),
};
