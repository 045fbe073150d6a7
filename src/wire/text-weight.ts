import { asObject } from "./json-fields.ts";

/** Where a format has the text that it streams: JSON keys, in payloads that contain `only`. */
interface TextPlaces {
  readonly keys: readonly string[];
  readonly only?: string;
}

const STREAMED_TEXT: ReadonlyMap<string, TextPlaces> = new Map([
  [
    "openai.chat_completions",
    { keys: ["content", "reasoning_content", "reasoning", "refusal", "arguments"] },
  ],
  ["openai.completions", { keys: ["text"] }],
  // the whole text comes again when it is done
  ["openai.responses", { keys: ["delta"], only: '.delta"' }],
  ["anthropic.messages", { keys: ["text", "thinking", "partial_json"] }],
  ["gemini.generate_content", { keys: ["text"] }],
  ["ollama.chat", { keys: ["content", "thinking"] }],
  ["ollama.generate", { keys: ["response", "thinking"] }],
]);

/** Fields of a request whose text the model reads. */
const PROMPT_FIELDS = [
  "messages",
  "input",
  "prompt",
  "system",
  "instructions",
  "contents",
  "systemInstruction",
  "system_instruction",
  "tools",
  "functions",
] as const;

/** Text of a request that is no text: media, which no count of bytes says anything about. */
const MEDIA_KEYS: ReadonlySet<string> = new Set([
  "image_url",
  "input_audio",
  "file_data",
  "inlineData",
  "inline_data",
  "images",
  "source",
]);

/** Values that are looked at in a request; more are left out. */
const MAX_VALUES = 100_000;

/**
 * Weighs the text in the payloads of a stream; `undefined`: what the format streams is no text. Weight is the bytes of
 * UTF-8, except that a character of two (é, я) weighs one: such scripts have as few tokens for their letters as ASCII.
 */
export function streamedTextScale(format: string): ((payload: string) => number) | undefined {
  const places = STREAMED_TEXT.get(format);
  if (places === undefined) return undefined;
  const { keys, only } = places;
  return (payload) => {
    if (only !== undefined && !payload.includes(only)) return 0;
    return keys.reduce((sum, key) => sum + weightUnder(payload, `"${key}"`), 0);
  };
}

/** Weight of the text that the model reads in a request. */
export function promptTextWeight(body: unknown): number {
  const fields = asObject(body) ?? {};
  const waiting: unknown[] = PROMPT_FIELDS.map((name) => fields[name]);
  let weight = 0;
  for (let seen = 0; waiting.length > 0 && seen < MAX_VALUES; seen += 1) {
    const value = waiting.pop();
    if (typeof value === "string") weight += weightOf(value);
    else for (const part of partsOf(value)) waiting.push(part);
  }
  return weight;
}

function partsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return Object.entries(asObject(value) ?? {}).flatMap(([key, field]) =>
    MEDIA_KEYS.has(key) ? [] : [field],
  );
}

function weightOf(text: string): number {
  const bytes = Buffer.byteLength(text);
  if (bytes === text.length) return bytes;
  let weight = bytes;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x80 && code < 0x800) weight -= 1;
  }
  return weight;
}

/** Of the texts that are values of `key`. A quote inside of a text is escaped, so a key found here is a real one. */
function weightUnder(payload: string, key: string): number {
  let weight = 0;
  for (let at = payload.indexOf(key); at !== -1; at = payload.indexOf(key, at)) {
    at += key.length;
    while (payload.charCodeAt(at) === 58 /* : */ || payload.charCodeAt(at) === 32) at += 1;
    if (payload.charCodeAt(at) !== 34 /* " */) continue;
    const text = textAt(payload, at + 1);
    weight += text.weight;
    at = text.end;
  }
  return weight;
}

/** The text that begins at `start`, up to its closing quote; each character is a byte. */
function textAt(payload: string, start: number): { readonly weight: number; readonly end: number } {
  let weight = 0;
  let at = start;
  for (; at < payload.length && payload.charCodeAt(at) !== 34; at += 1) {
    const byte = payload.charCodeAt(at);
    // the first byte of two
    if (byte >= 0xc0 && byte < 0xe0) continue;
    weight += 1;
    if (byte !== 92 /* \ */) continue;
    at += 1;
    if (payload.charCodeAt(at) !== 117 /* u */) continue;
    if (Number.parseInt(payload.slice(at + 1, at + 5), 16) >= 0x800) weight += 2;
    at += 4;
  }
  return { weight, end: Math.min(at + 1, payload.length) };
}
