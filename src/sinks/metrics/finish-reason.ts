/** Why a model stopped, in the words of the GenAI conventions; `other` for what is none of them. */
export type FinishReason = "stop" | "length" | "content_filter" | "tool_call" | "other";

/** The words of OpenAI, Anthropic, Gemini and Ollama, in lower case. */
const REASON_OF: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  length: "length",
  max_tokens: "length",
  max_output_tokens: "length",
  incomplete: "length",
  model_context_window_exceeded: "length",
  content_filter: "content_filter",
  refusal: "content_filter",
  safety: "content_filter",
  recitation: "content_filter",
  blocklist: "content_filter",
  prohibited_content: "content_filter",
  spii: "content_filter",
  image_safety: "content_filter",
  tool_call: "tool_call",
  tool_calls: "tool_call",
  tool_use: "tool_call",
  function_call: "tool_call",
};

/** A provider's own word as one of a few, for a label. */
export function finishReasonOf(word: string): FinishReason {
  const known = word.toLowerCase();
  return Object.hasOwn(REASON_OF, known) ? (REASON_OF[known] ?? "other") : "other";
}
