import { definedOnly, type RawJson, type RawPart, type RawText } from "../../wire/index.ts";
import { base64Mark, redactValue, type Redactor } from "../../redaction/index.ts";
import type { ContentPart } from "../../events/index.ts";
import type { ContentBudget } from "./content-budget.ts";
import { asMimeType, asWord } from "./content-words.ts";
import { isJsonContainer, parseJson } from "./json-text.ts";
import type { PartWriter } from "./part-writer.ts";

/** Longest name or id that is shown. Characters. */
const MAX_NAME_CHARACTERS = 256;

export interface FullWriterOptions {
  readonly redactor: Redactor;
  /** Descriptions and parameters of tools, too. */
  readonly toolSchemas: boolean;
}

/** Shows what was said, without what the redactor takes out. */
export function createFullWriter({ redactor, toolSchemas }: FullWriterOptions): PartWriter {
  function name(given: string): string {
    return redactor.text(given, MAX_NAME_CHARACTERS).text;
  }

  function text(given: RawText, budget: ContentBudget): string {
    const parsed = typeof given === "string" ? parseJson(given) : undefined;
    const json = isJsonContainer(parsed) ? jsonText(parsed, budget) : undefined;
    if (json !== undefined) return json;
    const result = redactor.text(given, budget.room);
    budget.spend(result.text.length, result.isCut);
    return result.text;
  }

  /** A text that is JSON, where a name or the limit takes something out of it; otherwise it is as good as any text. */
  function jsonText(given: object, budget: ContentBudget): string | undefined {
    const { value: kept, isCut } = redactValue(given, redactor, budget.room);
    const json = JSON.stringify(kept);
    if (!isCut && json === JSON.stringify(given)) return undefined;
    budget.spend(json.length, isCut);
    return json;
  }

  function value(given: unknown, budget: ContentBudget): unknown {
    const result = redactValue(given, redactor, budget.room);
    budget.spend(result.characters, result.isCut);
    return result.value;
  }

  /** Arguments are an object where they can be parsed, else the text. */
  function argumentsOf(given: RawJson, budget: ContentBudget): unknown {
    if ("value" in given) return value(given.value, budget);
    const parsed = typeof given.text === "string" ? parseJson(given.text) : undefined;
    return isJsonContainer(parsed) ? value(parsed, budget) : text(given.text, budget);
  }

  function part(raw: RawPart, budget: ContentBudget): ContentPart {
    switch (raw.kind) {
      case "text":
      case "reasoning":
        return { type: raw.kind, content: text(raw.text, budget) };
      case "tool_call":
        return {
          type: raw.kind,
          ...definedOnly({ id: raw.id && name(raw.id), name: raw.name && name(raw.name) }),
          ...(raw.arguments && { arguments: argumentsOf(raw.arguments, budget) }),
        };
      case "tool_call_response":
        return {
          type: raw.kind,
          ...definedOnly({ id: raw.id && name(raw.id) }),
          response: response(raw.response, budget),
        };
      case "blob":
        return {
          type: raw.kind,
          modality: raw.modality,
          ...definedOnly({ mime_type: asMimeType(raw.mimeType) }),
          content: base64Mark(raw.sizeBytes),
        };
      case "uri":
        return {
          type: raw.kind,
          modality: raw.modality,
          ...definedOnly({ mime_type: asMimeType(raw.mimeType) }),
          uri: text(raw.uri, budget),
        };
      case "file":
        return { type: raw.kind, modality: raw.modality, file_id: name(raw.fileId) };
      case "generic":
        return { type: raw.kind, generic_type: asWord(raw.name) ?? "unknown" };
    }
  }

  function response(
    given: Extract<RawPart, { kind: "tool_call_response" }>["response"],
    budget: ContentBudget,
  ): unknown {
    if ("parts" in given) {
      return given.parts.filter(() => budget.takeItem()).map((item) => part(item, budget));
    }
    return "value" in given ? value(given.value, budget) : text(given.text, budget);
  }

  return {
    part,
    name,
    tool: (tool, budget) => ({
      type: asWord(tool.type) ?? "function",
      ...definedOnly({ name: tool.name && name(tool.name) }),
      ...(toolSchemas && {
        ...definedOnly({ description: tool.description && text(tool.description, budget) }),
        ...(tool.parameters !== undefined && { parameters: value(tool.parameters, budget) }),
      }),
    }),
  };
}
