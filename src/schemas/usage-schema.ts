import * as z from "zod";
import { named } from "./named.ts";
import { amount, text } from "./scalars.ts";

export const usage = z
  .object({
    inputTokens: amount.exactOptional(),
    outputTokens: amount.exactOptional(),
    cacheReadTokens: amount.exactOptional(),
    cacheWriteTokens: amount.exactOptional(),
    reasoningTokens: amount.exactOptional(),
    inputTextTokens: amount.exactOptional(),
    outputTextTokens: amount.exactOptional(),
    inputAudioTokens: amount.exactOptional(),
    outputAudioTokens: amount.exactOptional(),
    inputImageTokens: amount.exactOptional(),
    outputImageTokens: amount.exactOptional(),
    inputAudioSeconds: amount.exactOptional(),
    estimated: z.enum(["input", "output", "all"]).exactOptional(),
  })
  .register(named, { id: "Usage" });

export const cost = z
  .object({
    totalUsd: amount,
    inputUsd: amount,
    outputUsd: amount,
    source: z.enum(["override", "table", "provider"]),
    tableVersion: text.exactOptional(),
    estimated: z.literal(true).exactOptional(),
  })
  .register(named, { id: "Cost" });
