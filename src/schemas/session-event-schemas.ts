import * as z from "zod";
import { metadata } from "./call-context-schema.ts";
import { amount, count, milliseconds, text } from "./scalars.ts";

const description = { userId: text.exactOptional(), metadata: metadata.optional() };

export const sessionEvents = {
  session_started: z.object(description),
  session_updated: z.object(description),
  session_message_added: z.object({
    role: z.enum(["system", "developer", "user", "assistant", "tool", "other"]),
    messageId: text.exactOptional(),
  }),
  session_ended: z.object({
    durationMs: milliseconds,
    requests: count,
    totalTokens: amount,
    costUsd: amount,
    reason: z.enum(["ended", "expired", "evicted"]),
  }),
};
