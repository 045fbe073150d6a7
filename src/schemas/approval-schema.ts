import { callContext } from "./call-context-schema.ts";
import { text } from "./scalars.ts";

/** What the events of tools and of people's decisions share. */
export const approval = {
  approvalId: text,
  action: text,
  tool: text.exactOptional(),
  toolCallId: text.exactOptional(),
  agent: text.exactOptional(),
  context: callContext,
};
