import type { LlmTerminalData, OperationName } from "../../events/index.ts";

/** Operations whose answer comes in choices, one at least. */
const HAVE_CHOICES: ReadonlySet<OperationName> = new Set([
  "chat",
  "text_completion",
  "generate_content",
]);

/**
 * One reason for each choice that told one, in the provider's own words. With `missing`, an answer that had begun and
 * never came to its end has that word in the place of each choice that told none.
 */
export function finishReasons(data: LlmTerminalData, missing: string | undefined): string[] {
  if (missing === undefined || !isCutShort(data)) return [...data.finishReasons];
  const open = new Set(data.openChoices);
  const asked = data.parameters.choiceCount ?? 1;
  const count = Math.max(asked, data.finishReasons.length + open.size);
  const told = data.finishReasons.values();
  return Array.from({ length: count }, (_, place) =>
    open.has(place) ? missing : (told.next().value ?? missing),
  );
}

function isCutShort({ outcome, httpStatus = 0, operation }: LlmTerminalData): boolean {
  return (
    outcome !== "success" && httpStatus >= 200 && httpStatus < 300 && HAVE_CHOICES.has(operation)
  );
}
