import * as z from "zod";
import { named } from "./named.ts";
import { text } from "./scalars.ts";

export const metadata = z.record(text, z.union([text, z.number(), z.boolean()]));

export const callContext = z
  .object({
    sessionId: text.exactOptional(),
    userId: text.exactOptional(),
    tags: z.array(text).exactOptional(),
    metadata: metadata.exactOptional(),
  })
  .register(named, { id: "CallContext" });
