import { asText, type JsonObject } from "../json-fields.ts";
import type { Modality, RawJson, RawPart } from "./content-format.ts";
import { TextBuffer } from "./text-buffer.ts";

const DATA_URL = /^data:([^;,]{0,128})[^,]{0,256}?(;base64)?,/i;

/** No part for a text that is empty or none. */
export function textPart(text: unknown, kind: "text" | "reasoning" = "text"): readonly RawPart[] {
  return typeof text === "string" && text !== "" ? [{ kind, text }] : [];
}

/** No part for a text of which nothing came. */
export function heldPart(
  buffer: TextBuffer,
  kind: "text" | "reasoning" = "text",
): readonly RawPart[] {
  return buffer.isEmpty ? [] : [{ kind, text: buffer.text }];
}

/** Data in base64: only its size is kept. */
export function blobPart(
  data: unknown,
  mimeType: string | undefined,
  modality?: Modality,
): RawPart {
  return {
    kind: "blob",
    modality: modality ?? modalityOf(mimeType),
    ...(mimeType !== undefined && { mimeType }),
    sizeBytes: typeof data === "string" ? Buffer.byteLength(data, "base64") : 0,
  };
}

/** A reference, or data if the URL holds it. */
export function urlPart(url: string, modality: Modality): RawPart {
  const data = DATA_URL.exec(url);
  if (data === null) return { kind: "uri", modality, uri: url };
  const [head, mimeType, encoded] = data;
  return {
    kind: "blob",
    modality,
    ...(mimeType && { mimeType }),
    sizeBytes: Buffer.byteLength(url.slice(head.length), encoded ? "base64" : "utf8"),
  };
}

export function filePart(fileId: string, modality: Modality): RawPart {
  return { kind: "file", modality, fileId };
}

/** What it is called and nothing else of it. */
export function genericPart(name: unknown): RawPart {
  return { kind: "generic", name: asText(name) ?? "unknown" };
}

/** A tool call as it was found; what is not there is left out. */
export function toolCallPart(id: unknown, name: unknown, given: unknown): RawPart {
  return {
    kind: "tool_call",
    ...named("id", id),
    ...named("name", name),
    ...(given !== undefined && { arguments: rawJson(given) }),
  };
}

/** What a tool gave back: text or a value, or parts where some are data. */
export function toolResponsePart(id: unknown, given: unknown, parts?: readonly RawPart[]): RawPart {
  const response = parts === undefined ? rawJson(given) : { parts };
  return { kind: "tool_call_response", ...named("id", id), response };
}

function rawJson(given: unknown): RawJson {
  if (given instanceof TextBuffer) return { text: given.text };
  return typeof given === "string" ? { text: given } : { value: given };
}

/** The field, if it is a text with something in it. */
export function named<Name extends string>(
  name: Name,
  value: unknown,
): { readonly [N in Name]?: string } {
  const text = asText(value);
  // a computed name is not narrowed to its literal
  return (text === undefined ? {} : { [name]: text }) as { readonly [N in Name]?: string };
}

/** `image/png` is an image; what is none of the three is a document. */
export function modalityOf(mimeType: string | undefined): Modality {
  const [kind] = (mimeType ?? "").split("/");
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
}

/** The items of a list that are objects. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value)
    ? value.filter((item): item is JsonObject => typeof item === "object" && item !== null)
    : [];
}
