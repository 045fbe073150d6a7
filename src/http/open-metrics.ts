/**
 * The text format that OTel's serializer writes, as OpenMetrics 1.0: a counter's family has no `_total`, and a `# UNIT`
 * must be the name's suffix, which OTel's names do not have, and no other comment is allowed. The end mark is left to
 * the caller.
 */
export function toOpenMetrics(text: string): string {
  const counters = counterFamilies(text);
  return text
    .split("\n")
    .filter((line) => line !== "" && (!line.startsWith("#") || TYPE_OR_HELP.test(line)))
    .map((line) => toOpenMetricsLine(line, counters))
    .map((line) => `${line}\n`)
    .join("");
}

const TYPE_OR_HELP = /^# (TYPE|HELP) (\S+)( .*)?$/;

function counterFamilies(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/^# TYPE (\S+)_total counter$/gm)].map(([, name]) => name ?? ""),
  );
}

function toOpenMetricsLine(line: string, counters: ReadonlySet<string>): string {
  const match = TYPE_OR_HELP.exec(line);
  if (match === null) return line;
  const [, keyword = "", name = "", rest = ""] = match;
  const family = name.replace(/_total$/, "");
  const shown = counters.has(family) ? family : name;
  return `# ${keyword} ${shown}${keyword === "TYPE" ? rest.replace(" untyped", " unknown") : rest}`;
}
