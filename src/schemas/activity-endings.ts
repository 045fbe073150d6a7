import * as z from "zod";
import { milliseconds, text } from "./scalars.ts";

export const completed = { outcome: z.literal("success"), durationMs: milliseconds };

export const failed = {
  outcome: z.enum(["error", "aborted", "abandoned"]),
  errorType: text,
  durationMs: milliseconds,
};
