import type { ContentFormat } from "./content/content-format.ts";
import type { OperationName, RequestParameters, Usage } from "../events/index.ts";

/** What a request says, read from its JSON body. Prompt text is not in it. */
export interface LlmRequest {
  readonly operation: OperationName;
  /** Missing when neither body nor path names one. */
  readonly model?: string | undefined;
  readonly stream: boolean;
  /** Messages, input items, texts to embed or prompts to complete. */
  readonly messagesCount: number;
  readonly toolsCount: number;
  readonly parameters: RequestParameters;
  /** The provider's id of a conversation that it keeps. */
  readonly conversationId?: string | undefined;
  /** Id of the answer that this request goes on from. */
  readonly previousResponseId?: string | undefined;
}

/** What an answer says, whole or as far as it came. */
export interface LlmResponse {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  /** The provider's own words, by choice. */
  readonly finishReasons: readonly string[];
  /** Places of the choices that have begun and not finished, where the format has several. */
  readonly openChoices?: readonly number[] | undefined;
  readonly toolCallsCount: number;
  /** Reasoning was streamed like content. Missing: there was none to see. */
  readonly reasoningStreamed?: true | undefined;
  readonly usage?: Usage | undefined;
  /** It is being made in the background: whoever fetches it learns how it ended, and what it used. */
  readonly pending?: true | undefined;
  readonly serviceTier?: string | undefined;
  readonly systemFingerprint?: string | undefined;
  /** The answer was itself an error: its code or type, low-cardinality. */
  readonly errorType?: string | undefined;
}

/** Reads a streamed answer. Pure: no clock, no I/O. */
export interface StreamReader {
  /** Takes the payload of one event, its bytes as Latin-1 characters. Never throws. */
  push(payload: string): void;
  /** Content (text, a tool call, a refusal) has begun. */
  readonly contentStarted: boolean;
  /** Payloads that had content. */
  readonly contentChunks: number;
  /** Every choice came to its end: nothing was cut off, though usage may still follow. */
  readonly complete: boolean;
  /** The format's own end mark was seen: nothing follows. */
  readonly terminated: boolean;
  /** What is known by now. */
  response(): LlmResponse;
}

/** One provider wire format. */
export interface WireReader {
  /** e.g. `openai.chat_completions`. */
  readonly format: string;
  /** Whose format it is; `openai` unless told. */
  readonly provider?: string;
  /** Who speaks it is told by the format alone: it is that of software which everybody runs, not of a service. */
  readonly selfHosted?: true;
  /** `pathname` is the URL's path without query. */
  matches(method: string, pathname: string): boolean;
  /**
   * For a path that other services have as well: true if `body`, the parsed JSON body, is a request of this format.
   * Asked only where the host says nothing.
   */
  recognizes?(body: unknown): boolean;
  /** `body` is the parsed JSON body; anything odd in it is ignored. */
  readRequest(body: unknown, pathname: string): LlmRequest;
  /** `body` is the parsed JSON body, also of an error answer. */
  readResponse(body: unknown): LlmResponse;
  /** Answers that are not streams are bytes that say nothing, e.g. audio: they are neither kept nor decoded. */
  readonly binary?: true;
  /** Reads the text of an answer that is mostly bulk, without parsing it; `undefined`: it has to be parsed. */
  readResponseText?(text: string): LlmResponse | undefined;
  streamReader(): StreamReader;
  /** Where prompts and answers are, read only if content is captured; missing for a format that has none to show. */
  readonly content?: ContentFormat;
}
