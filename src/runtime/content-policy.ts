import { ContentPolicy } from "../calls/index.ts";
import type { ResolvedConfig } from "../config/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { createRedactor } from "../redaction/index.ts";

/** What may be seen of content; `undefined`: it is not captured, and nothing is done for it. */
export function createContentPolicy(
  { content, redaction }: Pick<ResolvedConfig, "content" | "redaction">,
  diagnostics: Diagnostics,
): ContentPolicy | undefined {
  const { capture } = content;
  if (capture === "off") return undefined;
  return new ContentPolicy({
    ...content,
    capture,
    redactor: createRedactor(redaction),
    diagnostics,
  });
}
