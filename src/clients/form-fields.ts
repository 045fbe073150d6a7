/** The text fields of a multipart form, whoever's class it is; `undefined` for anything else. Files are left alone. */
export function formFields(body: unknown): Readonly<Record<string, string>> | undefined {
  if (!isForm(body)) return undefined;
  const fields: Record<string, string> = {};
  for (const [name, value] of body) {
    if (typeof value === "string") fields[name] ??= value;
  }
  return fields;
}

function isForm(body: unknown): body is Iterable<readonly [name: string, value: unknown]> {
  return Object.prototype.toString.call(body) === "[object FormData]";
}
