import * as z from "zod";

/** RFC 9457. */
export const problemSchema = z.strictObject({
  type: z.string().describe("Names the problem: `urn:rlm-obs:problem:` and its name."),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().optional().describe("What is wrong with this request, and what to do."),
});
