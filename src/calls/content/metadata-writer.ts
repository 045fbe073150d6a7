import { definedOnly, type RawJson, type RawPart, type RawText } from "../../wire/index.ts";
import type { ContentPart } from "../../events/index.ts";
import { asMimeType, asWord } from "./content-words.ts";
import type { PartWriter } from "./part-writer.ts";

/**
 * Shows the shape and nothing of what was said: kinds of parts, lengths in characters, sizes in bytes, names of tools,
 * mime types. What is no plain word is left out, so that nobody can hide a text in a name.
 */
export const metadataWriter: PartWriter = {
  part: describe,
  // a person's
  name: () => undefined,
  tool: (tool) => ({
    type: asWord(tool.type) ?? "function",
    ...definedOnly({ name: asWord(tool.name) }),
  }),
};

function describe(raw: RawPart): ContentPart {
  switch (raw.kind) {
    case "text":
    case "reasoning":
      return { type: raw.kind, content_length: raw.text.length };
    case "tool_call":
      return {
        type: raw.kind,
        ...definedOnly({
          name: asWord(raw.name),
          arguments_length: raw.arguments && lengthOf(raw.arguments),
        }),
      };
    case "tool_call_response":
      return "parts" in raw.response
        ? { type: raw.kind, response: raw.response.parts.map(describe) }
        : { type: raw.kind, response_length: lengthOf(raw.response) };
    case "blob":
      return {
        type: raw.kind,
        modality: raw.modality,
        ...definedOnly({ mime_type: asMimeType(raw.mimeType) }),
        size_bytes: raw.sizeBytes,
      };
    case "uri":
      return {
        type: raw.kind,
        modality: raw.modality,
        ...definedOnly({ mime_type: asMimeType(raw.mimeType) }),
      };
    case "file":
      return { type: raw.kind, modality: raw.modality };
    case "generic":
      return { type: raw.kind, generic_type: asWord(raw.name) ?? "unknown" };
  }
}

function lengthOf(json: RawJson): number {
  const text: RawText = "text" in json ? json.text : (JSON.stringify(json.value) ?? "");
  return text.length;
}
