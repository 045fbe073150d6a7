import * as z from "zod";
import { text } from "./scalars.ts";

// its fields are those that the GenAI conventions have for its type
const contentPart = z.looseObject({ type: text });

const contentMessage = z.object({
  role: text,
  name: text.exactOptional(),
  parts: z.array(contentPart),
  finish_reason: text.exactOptional(),
});

const toolDefinition = z.object({
  type: text,
  name: text.exactOptional(),
  description: text.exactOptional(),
  parameters: z.unknown().exactOptional(),
});

export const callContent = z.object({
  inputMessages: z.array(contentMessage).exactOptional(),
  outputMessages: z.array(contentMessage).exactOptional(),
  systemInstructions: z.array(contentPart).exactOptional(),
  toolDefinitions: z.array(toolDefinition).exactOptional(),
  truncated: z.literal(true).exactOptional(),
});
