/** A word such as a type or a tool's name: what is longer, or has spaces, may be text. */
const WORD = /^[\w.:/-]{1,128}$/;
const MIME_TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/;

/** The word, or `undefined` for what may be text. */
export function asWord(value: string | undefined): string | undefined {
  return value !== undefined && WORD.test(value) ? value : undefined;
}

const ROLES: ReadonlySet<string> = new Set([
  "system",
  "developer",
  "user",
  "assistant",
  "tool",
  "function",
]);

/** The role; one that nobody knows is an application's own, and may be anything. */
export function asRole(role: string): string {
  return ROLES.has(role) ? role : "other";
}

/** The mime type, or `undefined` for what is none. */
export function asMimeType(value: string | undefined): string | undefined {
  return value !== undefined && MIME_TYPE.test(value) ? value : undefined;
}

/** The providers' words for the end of an answer, in those of the GenAI conventions. */
const FINISH_REASONS: ReadonlyMap<string, string> = new Map([
  // OpenAI
  ["tool_calls", "tool_call"],
  ["function_call", "tool_call"],
  ["max_output_tokens", "length"],
  // Anthropic
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_call"],
  ["refusal", "content_filter"],
  // Gemini
  ["STOP", "stop"],
  ["MAX_TOKENS", "length"],
  ["SAFETY", "content_filter"],
  ["RECITATION", "content_filter"],
  ["BLOCKLIST", "content_filter"],
  ["PROHIBITED_CONTENT", "content_filter"],
  ["SPII", "content_filter"],
  ["IMAGE_SAFETY", "content_filter"],
  ["MALFORMED_FUNCTION_CALL", "error"],
]);

/** `finish_reason` of an output message: a provider's word that has no other stays. */
export function finishReasonOf(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : (FINISH_REASONS.get(reason) ?? asWord(reason));
}
