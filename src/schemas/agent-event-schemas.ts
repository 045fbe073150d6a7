import * as z from "zod";
import { completed, failed } from "./activity-endings.ts";
import { callContext } from "./call-context-schema.ts";
import { count, text } from "./scalars.ts";

const agent = {
  agent: text,
  agentId: text.exactOptional(),
  agentVersion: text.exactOptional(),
  provider: text.exactOptional(),
  model: text.exactOptional(),
  conversationId: text.exactOptional(),
  context: callContext,
};

const tally = { llmCalls: count, toolCalls: count };

const workflow = { workflow: text, context: callContext };

export const agentEvents = {
  agent_switched: z.object({ from: text, to: text, context: callContext }),
  agent_processing_started: z.object(agent),
  agent_processing_completed: z.object({ ...agent, ...tally, ...completed }),
  agent_error: z.object({ ...agent, ...tally, ...failed }),
  workflow_started: z.object(workflow),
  workflow_completed: z.object({ ...workflow, ...completed }),
  workflow_failed: z.object({ ...workflow, ...failed }),
};
