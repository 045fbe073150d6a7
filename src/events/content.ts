/**
 * What was said in one operation, in the shapes of the GenAI conventions: redacted, and bounded in length. With
 * `content.capture: "metadata"` the parts have lengths in the place of text.
 */
export interface CallContent {
  /** `gen_ai.input.messages`: the latest ones, in the order sent. */
  readonly inputMessages?: readonly ContentMessage[];
  /** `gen_ai.output.messages`: one for each choice, as far as it came. */
  readonly outputMessages?: readonly ContentMessage[];
  /** `gen_ai.system_instructions`: those that were sent apart from the messages. */
  readonly systemInstructions?: readonly ContentPart[];
  /** `gen_ai.tool.definitions`. */
  readonly toolDefinitions?: readonly ToolDefinition[];
  /** Something was left out or cut off to keep to the limits. */
  readonly truncated?: true;
}

/**
 * What a tool was given and gave back: redacted, and bounded in length. Only with `content.capture: "full"`; what can't be
 * JSON, such as a stream, is left out.
 */
export interface ToolContent {
  /** `gen_ai.tool.call.arguments`: as the application told them to `tool()`. */
  readonly arguments?: unknown;
  /** `gen_ai.tool.call.result`. */
  readonly result?: unknown;
}

/** What a search was asked for: redacted, and bounded in length. Only with `content.capture: "full"`. */
export interface RetrievalContent {
  /** `gen_ai.retrieval.query.text`: as the application told it to `retrieval()`. */
  readonly query?: string;
}

/** What an activity was given and gave back, whatever it is. */
export type ActivityContent = ToolContent & RetrievalContent;

/** A message of a conversation. */
export interface ContentMessage {
  /** `system`, `developer`, `user`, `assistant`, `tool`, `function`; `other` for one that is none of these. */
  readonly role: string;
  readonly name?: string;
  readonly parts: readonly ContentPart[];
  /** Of an output message: `stop`, `length`, `content_filter`, `tool_call`, `error`, or the provider's own word. */
  readonly finish_reason?: string;
}

/** A part of a message; the fields are those that the conventions have for its type. */
export interface ContentPart {
  /** `text`, `reasoning`, `tool_call`, `tool_call_response`, `blob`, `uri`, `file` or `generic`. */
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A tool that the model may call. */
export interface ToolDefinition {
  readonly type: string;
  readonly name?: string;
  readonly description?: string;
  /** JSON schema. */
  readonly parameters?: unknown;
}
