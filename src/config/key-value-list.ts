/**
 * Reads `name=value,name2=value2` with percent-encoded values, the W3C Baggage form that OTel uses for
 * `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_RESOURCE_ATTRIBUTES`. Names keep their case.
 *
 * @returns `undefined` when any member is malformed: half a list of headers would fail later and further away.
 */
export function parseKeyValueList(text: string): Record<string, string> | undefined {
  const entries: [string, string][] = [];
  for (const member of text.split(",")) {
    if (member.trim() === "") continue;
    const entry = parseMember(member);
    if (!entry) return undefined;
    entries.push(entry);
  }
  return Object.fromEntries(entries);
}

function parseMember(member: string): [string, string] | undefined {
  const separator = member.indexOf("=");
  const name = member.slice(0, separator).trim();
  if (separator < 0 || name === "") return undefined;
  try {
    return [decodeURIComponent(name), decodeURIComponent(member.slice(separator + 1).trim())];
  } catch {
    return undefined;
  }
}
