/** A message of a stream of server-sent events. */
export interface SseMessage {
  /** `message` unless it says otherwise. */
  readonly event: string;
  readonly data: string;
}

/** What a client keeps from one connection to the next. */
export interface SseState {
  lastEventId: string;
  retryMs: number;
}

/** A message that is longer is no event of ours. */
const MAX_LENGTH = 16 * 1024 * 1024;

interface Fields {
  id: string;
  event: string;
  /** Each line with its end. */
  data: string;
}

/** The messages of a stream as they come (WHATWG HTML §9.2.6); `state` is kept up to date beside them. */
export async function* readMessages(
  body: AsyncIterable<Uint8Array>,
  state: SseState,
): AsyncGenerator<SseMessage> {
  const fields: Fields = { id: state.lastEventId, event: "", data: "" };
  for await (const line of readLines(body)) {
    if (line !== "") {
      takeLine(line, fields, state);
      continue;
    }
    // what is cut off before its blank line was not seen
    state.lastEventId = fields.id;
    const { event, data } = fields;
    Object.assign(fields, { event: "", data: "" });
    if (data !== "") yield { event: event || "message", data: data.slice(0, -1) };
  }
}

function takeLine(line: string, fields: Fields, state: SseState): void {
  const colon = line.indexOf(":");
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (name === "event") fields.event = value;
  else if (name === "data") fields.data += `${value}\n`;
  else if (name === "id" && !value.includes("\0")) fields.id = value;
  else if (name === "retry" && /^\d{1,6}$/.test(value)) state.retryMs = Number(value);
  if (fields.data.length > MAX_LENGTH) throw tooLong();
}

async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let endedOnCr = false;
  for await (const bytes of body) {
    let text = decoder.decode(bytes, { stream: true });
    if (text === "") continue;
    if (endedOnCr && text.startsWith("\n")) text = text.slice(1);
    endedOnCr = text.endsWith("\r");
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LENGTH) throw tooLong();
    yield* lines;
  }
}

function tooLong(): Error {
  return new Error("a message of the stream is longer than 16 MB");
}
