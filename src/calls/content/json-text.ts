/** Longest text that is parsed to be looked into. Characters. */
const MAX_PARSED = 1024 * 1024;

/** The value that a text holds if it is a JSON object or list; `undefined` for any other text. */
export function parseJson(text: string): unknown {
  if (text.length > MAX_PARSED || !/^\s{0,64}[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isJsonContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
