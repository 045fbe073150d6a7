import type { ContentPart, ToolDefinition } from "../../events/index.ts";
import type { RawPart, RawTool } from "../../wire/index.ts";
import type { ContentBudget } from "./content-budget.ts";

/** How one part of a message is shown: with what was said, redacted, or with its length. */
export interface PartWriter {
  /** @throws what redaction throws: then nothing of the whole content may be shown */
  part(part: RawPart, budget: ContentBudget): ContentPart;
  tool(tool: RawTool, budget: ContentBudget): ToolDefinition;
  /** The name of who speaks. */
  name(name: string): string | undefined;
}
