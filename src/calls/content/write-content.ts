import type {
  CallContent,
  ContentMessage,
  ContentPart,
  Outcome,
  ToolDefinition,
} from "../../events/index.ts";
import { definedOnly, type RawMessage, type RawPart, type RawRequest } from "../../wire/index.ts";
import { ContentBudget } from "./content-budget.ts";
import { asRole, finishReasonOf } from "./content-words.ts";
import type { PartWriter } from "./part-writer.ts";

export interface ContentLimits {
  readonly maxPartCharacters: number;
  readonly maxListCharacters: number;
}

export interface RawContent {
  readonly request: RawRequest;
  readonly answer: readonly RawMessage[];
  readonly outcome: Outcome;
}

/** Content in the shapes of the conventions, each list within its limit. @throws what the writer throws */
export function writeContent(
  { request, answer, outcome }: RawContent,
  writer: PartWriter,
  limits: ContentLimits,
): CallContent {
  const budgets: ContentBudget[] = [];
  function budget(): ContentBudget {
    const made = new ContentBudget(limits.maxListCharacters, limits.maxPartCharacters);
    budgets.push(made);
    return made;
  }

  const content = definedOnly({
    inputMessages: listed(inputMessages(request.messages, writer, budget())),
    outputMessages: listed(outputMessages({ answer, outcome }, writer, budget())),
    systemInstructions: listed(parts(request.systemInstructions, writer, budget())),
    toolDefinitions: listed(tools(request, writer, budget())),
  });
  return budgets.some(({ exceeded }) => exceeded) ? { ...content, truncated: true } : content;
}

/** The latest ones matter most: from the last one back, as far as the limit goes. */
function inputMessages(
  messages: readonly RawMessage[],
  writer: PartWriter,
  budget: ContentBudget,
): readonly ContentMessage[] {
  const written: ContentMessage[] = [];
  for (const message of messages.toReversed()) {
    if (!budget.takeItem()) break;
    written.push(writeMessage(message, writer, budget));
  }
  return written.toReversed();
}

/** One for each choice, however little of it fits. */
function outputMessages(
  { answer, outcome }: Pick<RawContent, "answer" | "outcome">,
  writer: PartWriter,
  budget: ContentBudget,
): readonly ContentMessage[] {
  return answer.map((message) => {
    // a provider may tell none; a choice that was cut off has none
    const reason = finishReasonOf(
      message.finishReason ?? (outcome === "success" ? "stop" : "error"),
    );
    return {
      ...writeMessage(message, writer, budget),
      ...definedOnly({ finish_reason: reason }),
    };
  });
}

function writeMessage(
  message: RawMessage,
  writer: PartWriter,
  budget: ContentBudget,
): ContentMessage {
  return {
    role: asRole(message.role),
    ...definedOnly({ name: message.name === undefined ? undefined : writer.name(message.name) }),
    parts: parts(message.parts, writer, budget),
  };
}

function parts(
  raw: readonly RawPart[],
  writer: PartWriter,
  budget: ContentBudget,
): readonly ContentPart[] {
  const written: ContentPart[] = [];
  for (const part of raw) {
    if (!budget.takeItem()) break;
    written.push(writer.part(part, budget));
  }
  return written;
}

function tools(
  { tools: raw }: RawRequest,
  writer: PartWriter,
  budget: ContentBudget,
): readonly ToolDefinition[] {
  const written: ToolDefinition[] = [];
  for (const tool of raw) {
    if (!budget.takeItem()) break;
    written.push(writer.tool(tool, budget));
  }
  return written;
}

function listed<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}
