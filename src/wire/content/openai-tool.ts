import { asObject, asText, type JsonObject } from "../json-fields.ts";
import type { RawTool } from "./content-format.ts";
import { named } from "./parts.ts";

/** A tool of chat completions, `{type, function: {name, …}}`, of the Responses API, which has no box, or of Ollama. */
export function openAiTool(tool: JsonObject): RawTool {
  const type = asText(tool["type"]) ?? "function";
  const fields = asObject(tool[type]) ?? tool;
  return {
    type,
    ...named("name", fields["name"] ?? fields["server_label"]),
    ...named("description", fields["description"]),
    ...(fields["parameters"] !== undefined && { parameters: fields["parameters"] }),
  };
}
