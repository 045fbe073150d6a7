import { asObject, asText, type JsonObject } from "../json-fields.ts";
import type { RawPart } from "./content-format.ts";
import {
  blobPart,
  filePart,
  genericPart,
  objectsIn,
  textPart,
  toolCallPart,
  toolResponsePart,
  urlPart,
} from "./parts.ts";

/** The parts of a message's `content`: one text, or blocks. */
export function anthropicContentParts(content: unknown): readonly RawPart[] {
  return typeof content === "string"
    ? textPart(content)
    : objectsIn(content).flatMap(anthropicParts);
}

/** A block of content, of a request or of an answer. */
export function anthropicParts(block: JsonObject): readonly RawPart[] {
  switch (block["type"]) {
    case "text":
      return textPart(block["text"]);
    case "thinking":
      return textPart(block["thinking"], "reasoning");
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      return [toolCallPart(block["id"], block["name"], block["input"])];
    case "tool_result":
    case "mcp_tool_result":
      return [toolResult(block)];
    case "image":
    case "document":
      return [source(asObject(block["source"]) ?? {}, block["type"])];
    default:
      return [genericPart(block["type"])];
  }
}

function toolResult({ tool_use_id: id, content }: JsonObject): RawPart {
  return toolResponsePart(
    id,
    content,
    Array.isArray(content) ? anthropicContentParts(content) : undefined,
  );
}

function source(from: JsonObject, type: "image" | "document"): RawPart {
  const url = asText(from["url"]);
  const fileId = asText(from["file_id"]);
  const mimeType = asText(from["media_type"]);
  switch (from["type"]) {
    case "base64":
      return blobPart(from["data"], mimeType, type);
    case "url":
      return url === undefined ? genericPart(type) : urlPart(url, type);
    case "file":
      return fileId === undefined ? genericPart(type) : filePart(fileId, type);
    case "text":
      return textPart(from["data"])[0] ?? genericPart(type);
    default:
      return genericPart(type);
  }
}
