import * as z from "zod";
import { count, text } from "./scalars.ts";

export const systemEvents = {
  system_started: z.object({ version: text }),
  system_stopped: z.object({ lost: count }),
  system_error: z.object({ component: text, message: text }),
  system_alert: z.object({
    name: text,
    severity: z.enum(["info", "warning", "critical"]),
    message: text,
  }),
};
