type ObservationType =
  | "generation"
  | "embedding"
  | "agent"
  | "tool"
  | "retriever"
  | "chain"
  | "span";

const typeOf: ReadonlyMap<unknown, ObservationType> = new Map([
  ["chat", "generation"],
  ["completion", "generation"],
  ["text_completion", "generation"],
  ["generate_content", "generation"],
  ["fetch_response", "generation"],
  ["embeddings", "embedding"],
  ["create_agent", "agent"],
  ["invoke_agent", "agent"],
  ["execute_tool", "tool"],
  // with a model on the span, Langfuse would take each of these for a generation
  ["retrieval", "retriever"],
  ["rerank", "retriever"],
  ["invoke_workflow", "chain"],
  ["plan", "chain"],
]);

/** Langfuse's observation type for a `gen_ai.operation.name`; undefined leaves the decision to Langfuse. */
export function observationType(operation: unknown): ObservationType | undefined {
  return typeOf.get(operation);
}
