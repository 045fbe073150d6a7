import type { CallContext } from "./call-context.ts";
import type { CallContent } from "./content.ts";
import type { Cost, Usage } from "./usage.ts";

/** How an operation ended; it ends exactly once. */
export type Outcome =
  /** The whole answer was read. */
  | "success"
  /** The provider, the network or the answer itself failed. */
  | "error"
  /** The caller's signal or the caller's own time-out stopped it. */
  | "aborted"
  /** The caller left the answer early or never read it. */
  | "abandoned"
  /** The answer was cut off in the middle. */
  | "truncated";

/** GenAI conventions `gen_ai.operation.name`; v1.41 has no word for `moderation` and `fetch_response`. */
export type OperationName =
  | "chat"
  | "text_completion"
  | "embeddings"
  /** Also images, speech and transcripts; `parameters.outputType` tells which. */
  | "generate_content"
  | "moderation"
  /** The fetch that told how a response ended which was made in the background, and what it used. */
  | "fetch_response";

/** What the request said, prompt text excepted. */
export interface LlmCallData {
  /** GenAI conventions `gen_ai.provider.name`, e.g. `openai`. */
  readonly provider: string;
  /** Model as requested. */
  readonly model: string;
  readonly operation: OperationName;
  /** Format of request and answer: `<owner>.<api>`, e.g. `openai.chat_completions`. */
  readonly wireFormat: string;
  readonly stream: boolean;
  /** Messages, input items, texts to embed or prompts to complete. */
  readonly messagesCount: number;
  readonly toolsCount: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly parameters: RequestParameters;
  /** The provider's id of a conversation that it keeps. */
  readonly conversationId?: string | undefined;
  /** Id of the answer that this request goes on from. */
  readonly previousResponseId?: string | undefined;
  readonly context: CallContext;
}

/** Parameters as sent, content excepted; a missing field was not sent. */
export interface RequestParameters {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly maxTokens?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly choiceCount?: number;
  readonly stopSequences?: readonly string[];
  readonly outputType?: "text" | "json" | "image" | "speech";
  readonly reasoningLevel?: string;
  readonly serviceTier?: string;
  /** Length of the vectors asked for; embeddings only. */
  readonly dimensionCount?: number;
  /** Of the vectors, e.g. `base64`; embeddings only. */
  readonly encodingFormat?: string;
}

/** One HTTP exchange of an operation. */
export interface Attempt {
  /** `ok`, an HTTP status such as `429`, or an error name such as `ECONNREFUSED`. */
  readonly result: string;
  /** Time until response headers, or until the attempt failed. */
  readonly durationMs: number;
}

/** The content chunks of a streamed answer, by the times at which they were read. */
export interface OutputChunks {
  readonly count: number;
  /** From the first one to the last. */
  readonly generationMs: number;
  /**
   * Times between two chunks, counted by length: one count for each bucket of the standard metric
   * `time_per_output_chunk`, the last for what is beyond its bounds. Chunks that were read at once have 0 between.
   */
  readonly gapCounts: readonly number[];
  /** Reasoning was streamed like content. */
  readonly withReasoning?: boolean;
}

/** What is known when an operation has ended, however it ended. */
export interface LlmTerminalData extends LlmCallData {
  readonly outcome: Outcome;
  /** From the first attempt to the end, back-off included. */
  readonly durationMs: number;
  /** From sending the last attempt to its response headers; missing if none came. */
  readonly headersMs?: number | undefined;
  /** Sum of the waits between attempts; missing without a retry. */
  readonly backoffMs?: number | undefined;
  /** From sending the last attempt to its first content; streams only. */
  readonly timeToFirstTokenMs?: number | undefined;
  /** Missing unless content was streamed. */
  readonly outputChunks?: OutputChunks | undefined;
  readonly attempts: readonly Attempt[];
  readonly httpStatus?: number | undefined;
  readonly responseId?: string | undefined;
  readonly responseModel?: string | undefined;
  /** The provider's own words, one for each choice that has finished. */
  readonly finishReasons: readonly string[];
  /** Places, from 0, of the choices that had begun and never told a finish reason. Missing: there are none. */
  readonly openChoices?: readonly number[] | undefined;
  readonly toolCallsCount: number;
  readonly serviceTier?: string | undefined;
  readonly systemFingerprint?: string | undefined;
  readonly usage?: Usage | undefined;
  /** Missing: the price, or the usage, is not known. Unknown is never $0. */
  readonly cost?: Cost | undefined;
  /** What was said, redacted; missing unless content is captured for events. */
  readonly content?: CallContent | undefined;
}

export interface LlmCompletedData extends LlmTerminalData {
  readonly outcome: "success";
}

export interface LlmFailedData extends LlmTerminalData {
  readonly outcome: Exclude<Outcome, "success">;
  /** Low-cardinality: a provider's code, an HTTP status or an error name; never a message. */
  readonly errorType: string;
}
