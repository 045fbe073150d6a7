import type OpenAI from "openai";
import { ObservabilityError } from "../../errors/index.ts";

/** The optional package `openai`. Throws `PEER_MISSING` when it isn't installed. */
export async function loadOpenAi(
  load: () => Promise<{ readonly default: typeof OpenAI }> = () => import("openai"),
): Promise<typeof OpenAI> {
  try {
    return (await load()).default;
  } catch (cause) {
    const isMissing =
      cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing) throw cause;
    const message = "The demo needs the package `openai`: run `npm install openai`.";
    throw new ObservabilityError("PEER_MISSING", message, { cause });
  }
}
