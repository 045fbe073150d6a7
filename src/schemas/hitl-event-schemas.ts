import * as z from "zod";
import type { Decision } from "../events/index.ts";
import { approval } from "./approval-schema.ts";
import { milliseconds, text } from "./scalars.ts";

const decision: z.ZodType<Decision> = text;

export const hitlEvents = {
  hitl_approval_requested: z.object(approval),
  hitl_decision_made: z.object({
    ...approval,
    decision,
    actor: text.exactOptional(),
    waitedMs: milliseconds,
  }),
  hitl_timeout: z.object({
    ...approval,
    waitedMs: milliseconds,
    reason: z.enum(["timeout", "evicted", "shutdown"]),
  }),
};
