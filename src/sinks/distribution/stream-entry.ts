/** Version of the fields below, not of the event in them. */
const ENVELOPE_VERSION = "1";
const MAX_INSTANCE_LENGTH = 100;

/** What one entry of the stream holds: an event as text, and who sent it as its how-manieth. */
export interface Envelope {
  readonly instance: string;
  /** 1, 2, 3 … for each instance, without holes. */
  readonly sequence: number;
  /** As `serializeEvent()` writes it. */
  readonly event: string;
}

export type Decoded = Envelope | "unknown_version" | "invalid_entry";

/** An entry of a stream as Redis gives it: names and values by turns. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: readonly string[];
}

export function encodeEntry({ instance, sequence, event }: Envelope): string[] {
  return ["v", ENVELOPE_VERSION, "instance", instance, "seq", String(sequence), "event", event];
}

/** The fields of an entry, which anybody may have written. */
export function decodeEntry({ fields }: StreamEntry): Decoded {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    values.set(fields[index] ?? "", fields[index + 1] ?? "");
  }
  const version = values.get("v");
  if (version === undefined) return "invalid_entry";
  if (version !== ENVELOPE_VERSION) return "unknown_version";
  const instance = values.get("instance") ?? "";
  const sequence = Number(values.get("seq"));
  const event = values.get("event");
  const isInstance = instance !== "" && instance.length <= MAX_INSTANCE_LENGTH;
  if (!isInstance || !Number.isSafeInteger(sequence) || sequence < 1) return "invalid_entry";
  return event === undefined ? "invalid_entry" : { instance, sequence, event };
}

/** The entries of the one stream that `XREAD` was asked for; `undefined` when that is no answer to it. */
export function entriesOf(reply: unknown): readonly StreamEntry[] | undefined {
  if (reply === null) return [];
  // [[key, [[id, [name, value, …]], …]]]
  const [stream] = listOf(reply) ?? [];
  const entries = listOf(listOf(stream)?.[1]);
  return entries?.flatMap((entry) => entryOf(entry) ?? []);
}

/** Of `XREVRANGE`, the id of the first entry. */
export function firstIdOf(reply: unknown): string | undefined {
  const [entry] = listOf(reply) ?? [];
  return entryOf(entry)?.id;
}

function entryOf(value: unknown): StreamEntry | undefined {
  const [id, fields] = listOf(value) ?? [];
  if (typeof id !== "string") return undefined;
  return { id, fields: (listOf(fields) ?? []).map(String) };
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
