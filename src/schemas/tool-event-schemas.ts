import * as z from "zod";
import { completed, failed } from "./activity-endings.ts";
import { approval } from "./approval-schema.ts";
import { retrievalContent, toolContent } from "./content-schema.ts";
import { callContext } from "./call-context-schema.ts";
import { amount, text } from "./scalars.ts";

const tool = {
  tool: text,
  toolCallId: text.exactOptional(),
  toolType: z.enum(["function", "extension", "datastore"]).exactOptional(),
  agent: text.exactOptional(),
  context: callContext,
};

const retrieval = {
  dataSource: text,
  provider: text.exactOptional(),
  model: text.exactOptional(),
  topK: amount.exactOptional(),
  agent: text.exactOptional(),
  context: callContext,
};

const toolSaid = { content: toolContent.exactOptional() };
const retrievalSaid = { content: retrievalContent.exactOptional() };

export const toolEvents = {
  tool_execution_requested: z.object(tool),
  tool_approval_required: z.object({ ...approval, tool: text }),
  tool_execution_started: z.object(tool),
  tool_execution_completed: z.object({ ...tool, ...completed, ...toolSaid }),
  tool_execution_failed: z.object({ ...tool, ...failed, ...toolSaid }),
  retrieval_started: z.object(retrieval),
  retrieval_completed: z.object({ ...retrieval, ...completed, ...retrievalSaid }),
  retrieval_failed: z.object({ ...retrieval, ...failed, ...retrievalSaid }),
};
