import { asObject, asText, type JsonObject } from "../json-fields.ts";
import type { Modality, RawPart } from "./content-format.ts";
import { blobPart, filePart, genericPart, urlPart } from "./parts.ts";

type Reader = (part: JsonObject) => RawPart;

const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    text: readText,
    input_text: readText,
    output_text: readText,
    summary_text: readText,
    refusal: (part) => ({ kind: "text", text: asText(part["refusal"]) ?? "" }),
    reasoning_text: (part) => ({ kind: "reasoning", text: asText(part["text"]) ?? "" }),
    image_url: (part) => reference(part, "image_url", "image"),
    video_url: (part) => reference(part, "video_url", "video"),
    input_image: (part) => reference(part, "image_url", "image"),
    input_audio: (part) => audio(asObject(part["input_audio"]) ?? {}),
    file: (part) => file(asObject(part["file"]) ?? {}),
    input_file: file,
  }),
);

/** A part of a message's `content`, of chat completions and of the Responses API. */
export function openAiInputPart(item: unknown): RawPart {
  if (typeof item === "string") return { kind: "text", text: item };
  const part = asObject(item) ?? {};
  const type = asText(part["type"]) ?? "unknown";
  return READERS.get(type)?.(part) ?? genericPart(type);
}

function readText(part: JsonObject): RawPart {
  return { kind: "text", text: asText(part["text"]) ?? "" };
}

/** A URL, as it is or in an object. */
function reference(part: JsonObject, name: string, modality: Modality): RawPart {
  const url = asText(part[name]) ?? asText(asObject(part[name])?.["url"]);
  if (url !== undefined) return urlPart(url, modality);
  const fileId = asText(part["file_id"]);
  return fileId === undefined ? genericPart(part["type"]) : filePart(fileId, modality);
}

function audio({ data, format }: JsonObject): RawPart {
  const mimeType = asText(format);
  return blobPart(data, mimeType && `audio/${mimeType}`, "audio");
}

function file(fields: JsonObject): RawPart {
  const data = asText(fields["file_data"]);
  if (data?.startsWith("data:")) return urlPart(data, "document");
  if (data !== undefined) return blobPart(data, undefined);
  const url = asText(fields["file_url"]);
  if (url !== undefined) return urlPart(url, "document");
  const fileId = asText(fields["file_id"]);
  return fileId === undefined ? genericPart("file") : filePart(fileId, "document");
}
