import { openAiResponsesContent } from "./content/openai-responses-content.ts";
import { openAiResponses } from "./openai-responses.ts";
import type { WireReader } from "./wire-reader.ts";

/** Compacting a conversation: a pass of the model over it, which costs tokens as any other. */
export const openAiResponsesCompact: WireReader = {
  ...openAiResponses,
  format: "openai.responses_compact",
  matches: (method, pathname) => method === "POST" && pathname.endsWith("/responses/compact"),
  // it answers with what it was given, shortened: that is no answer of the model
  content: { ...openAiResponsesContent, readResponse: () => [] },
};
