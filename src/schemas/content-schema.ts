import * as z from "zod";
import { named } from "./named.ts";
import { text } from "./scalars.ts";

// its fields are those that the GenAI conventions have for its type
const contentPart = z.looseObject({ type: text }).register(named, { id: "ContentPart" });

const contentMessage = z
  .object({
    role: text,
    name: text.exactOptional(),
    parts: z.array(contentPart),
    finish_reason: text.exactOptional(),
  })
  .register(named, { id: "ContentMessage" });

const toolDefinition = z
  .object({
    type: text,
    name: text.exactOptional(),
    description: text.exactOptional(),
    parameters: z.unknown().exactOptional(),
  })
  .register(named, { id: "ToolDefinition" });

export const toolContent = z
  .object({ arguments: z.unknown().exactOptional(), result: z.unknown().exactOptional() })
  .register(named, { id: "ToolContent" });

export const retrievalContent = z
  .object({ query: text.exactOptional() })
  .register(named, { id: "RetrievalContent" });

export const callContent = z
  .object({
    inputMessages: z.array(contentMessage).exactOptional(),
    outputMessages: z.array(contentMessage).exactOptional(),
    systemInstructions: z.array(contentPart).exactOptional(),
    toolDefinitions: z.array(toolDefinition).exactOptional(),
    truncated: z.literal(true).exactOptional(),
  })
  .register(named, { id: "CallContent" });
