import { asObject, parseObject, type JsonObject } from "../wire/index.ts";

type Init = NonNullable<Parameters<typeof globalThis.fetch>[1]>;

/** Wire formats whose streams tell usage only when asked. */
const FORMATS: ReadonlySet<string> = new Set(["openai.chat_completions", "openai.completions"]);

/** Headers that are true of these very bytes; a body that has one is left as it is. */
const ABOUT_THE_BYTES = [
  "content-encoding",
  "content-md5",
  "content-digest",
  "digest",
  "signature",
  "x-amz-date",
] as const;

/**
 * The request with `stream_options.include_usage` added to its JSON text, all else as it was. `undefined`: it says
 * itself whether it wants usage, it is no stream of these formats, or it can't be changed safely.
 */
export function askForUsage(wireFormat: string, init: Init | undefined): Init | undefined {
  if (!FORMATS.has(wireFormat) || typeof init?.body !== "string") return undefined;
  const body = withUsage(init.body);
  if (body === undefined) return undefined;
  const headers = new Headers(init.headers);
  if (ABOUT_THE_BYTES.some((name) => headers.has(name))) return undefined;
  if (!headers.has("content-length")) return { ...init, body };
  return { ...init, body, headers: withLength(init.headers, Buffer.byteLength(body)) };
}

function withUsage(text: string): string | undefined {
  const fields = parseObject(text);
  if (fields?.["stream"] !== true) return undefined;
  const options = fields["stream_options"];
  if (options === undefined) return withOptions(text);
  const given = options === null ? {} : asObject(options);
  if (given === undefined || "include_usage" in given) return undefined;
  return rewritten(text, fields, { ...given, include_usage: true });
}

/** It has a field already, `stream`. */
function withOptions(text: string): string {
  const end = text.lastIndexOf("}");
  return `${text.slice(0, end)},"stream_options":{"include_usage":true}${text.slice(end)}`;
}

/** Only text that `JSON.stringify` wrote comes out of it as it was; older SDKs have it indented. */
function rewritten(text: string, fields: JsonObject, options: JsonObject): string | undefined {
  for (const indent of [0, 2]) {
    if (JSON.stringify(fields, undefined, indent) === text) {
      return JSON.stringify({ ...fields, stream_options: options }, undefined, indent);
    }
  }
  return undefined;
}

/** Older SDKs say the length themselves. */
function withLength(headers: Init["headers"], length: number): Headers | Record<string, string> {
  const record = headers instanceof Headers ? undefined : asObject(headers);
  const name = Object.keys(record ?? {}).find((key) => key.toLowerCase() === "content-length");
  // a record by names stays one; what comes of it in any other form is the same on the wire
  if (name !== undefined) return { ...(record as Record<string, string>), [name]: String(length) };
  const copy = new Headers(headers);
  copy.set("content-length", String(length));
  return copy;
}
