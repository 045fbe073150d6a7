/** What a line tells of an event beside its time, type and session, where its data has it. */
const TOLD = [
  "provider model operation outcome errorType durationMs agent from to workflow tool dataSource",
  "action decision actor reason role requests name severity component message version lost",
].flatMap((words) => words.split(" "));

type Fields = Readonly<Record<string, unknown>>;

/** One line for a person: time, type, session, and what matters of the rest. */
export function eventLine(json: string): string {
  const event = fieldsOf(json);
  const data = asFields(event["data"]);
  const told = TOLD.flatMap((name) => (data[name] === undefined ? [] : [pair(name, data[name])]));
  const session = event["sessionId"] === undefined ? [] : [pair("session", event["sessionId"])];
  const type = String(event["type"]).padEnd(26);
  return printable(`${[timeOf(event["timestamp"]), type, ...session, ...told].join(" ")}\n`);
}

/** The whole event, in one line that is safe to print. */
export function jsonLine(json: string): string {
  return printable(`${json}\n`);
}

/** What was missed. */
export function gapLine(json: string): string {
  const { reason, lost } = fieldsOf(json);
  const count = typeof lost === "number" ? `${lost} events are` : "events may be";
  return printable(`rlm-obs: ${count} missing here (${String(reason)})\n`);
}

function fieldsOf(json: string): Fields {
  try {
    return asFields(JSON.parse(json));
  } catch {
    return {};
  }
}

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function pair(name: string, value: unknown): string {
  if (typeof value === "number") return `${name}=${Math.round(value * 10) / 10}`;
  const text = String(value);
  return `${name}=${/^[\w.:/@-]+$/.test(text) ? text : JSON.stringify(text)}`;
}

function timeOf(timestamp: unknown): string {
  const time = new Date(typeof timestamp === "number" ? timestamp : Number.NaN);
  return Number.isNaN(time.getTime()) ? "?" : time.toISOString().slice(11, 23);
}

/** What came from elsewhere must not steer the terminal: what is no visible character is written out, as in JSON. */
function printable(line: string): string {
  return line.replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character, index)).join(""),
  );
}

function escaped(text: string, index: number): string {
  return `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
}
