import { asObject, asText, type JsonObject } from "../json-fields.ts";
import type { RawPart } from "./content-format.ts";
import {
  blobPart,
  genericPart,
  modalityOf,
  textPart,
  toolCallPart,
  toolResponsePart,
} from "./parts.ts";

/** A part of a request or of an answer. */
export function geminiParts(part: JsonObject): readonly RawPart[] {
  const data = asObject(part["inlineData"]);
  const file = asObject(part["fileData"]);
  const call = asObject(part["functionCall"]);
  const response = asObject(part["functionResponse"]);
  if (typeof part["text"] === "string") return textPart(part["text"], textKind(part));
  if (data) return [blobPart(data["data"], asText(data["mimeType"]))];
  if (file) return [reference(file)];
  if (call) return [toolCallPart(call["id"] ?? call["name"], call["name"], call["args"])];
  if (response) return [toolResponsePart(response["id"] ?? response["name"], response["response"])];
  return [genericPart(Object.keys(part)[0])];
}

/** Thoughts are texts with a flag. */
export function textKind(part: JsonObject): "text" | "reasoning" {
  return part["thought"] === true ? "reasoning" : "text";
}

function reference(file: JsonObject): RawPart {
  const uri = asText(file["fileUri"]);
  const mimeType = asText(file["mimeType"]);
  if (uri === undefined) return genericPart("fileData");
  const modality = modalityOf(mimeType);
  return { kind: "uri", modality, ...(mimeType !== undefined && { mimeType }), uri };
}
