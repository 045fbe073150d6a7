import { categoryOf, isEventType } from "../../../events/index.ts";
import { parseFlags } from "../../parse-flags.ts";
import { UsageError } from "../../usage-error.ts";

/** What was asked for on the command line. */
export interface TailFlags {
  /** Of the stream, with its filters. */
  readonly url: URL;
  /** Whole events as JSON lines. */
  readonly json: boolean;
  /** Default: until Ctrl-C. */
  readonly count: number;
}

export const tailHelp = `Usage: rlm-obs events tail [options]

Shows the events of a running application as they come, from the event stream of its REST API. When the connection is
lost it comes back, and asks for what it missed; what is gone for good is said on stderr.

Options:
  --url http://127.0.0.1:9464   where the application's /metrics is; a path before /events/stream is kept
  --type TYPE          events of this type; may be repeated
  --category CATEGORY  events of this category, beside those of --type; may be repeated
  --session ID         events of this session
  --json               whole events, one JSON line each
  --count N            end after N events
  -h, --help           this text

Environment:
  RLM_SERVER_TOKENS    a token of the REST API; of several, the first is sent

Examples:
  rlm-obs events tail --category agent --category tool
  rlm-obs events tail --type llm_request_failed --json | jq .data.errorType
`;

const CATEGORIES = new Set<string>(Object.values(categoryOf));

/** Reads the flags. Returns `help` when that is what was asked for. */
export function parseTailFlags(args: readonly string[]): TailFlags | "help" {
  const { values } = parseFlags({
    args: [...args],
    options: {
      url: { type: "string", default: "http://127.0.0.1:9464" },
      type: { type: "string", multiple: true, default: [] },
      category: { type: "string", multiple: true, default: [] },
      session: { type: "string" },
      json: { type: "boolean", default: false },
      count: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const { type, category, session, json, count } = values;
  const url = streamUrl(values.url);
  addList(url, "type", type, isEventType);
  addList(url, "category", category, (name) => CATEGORIES.has(name));
  if (session !== undefined) url.searchParams.set("session_id", session);
  return { url, json, count: parseCount(count) };
}

function streamUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--url '${text}' is not an http:// or https:// address`);
  }
  if (url.username || url.password) {
    throw new UsageError("--url has a name or password in it; a token goes into RLM_SERVER_TOKENS");
  }
  return new URL(`${url.pathname.replace(/\/$/, "")}/events/stream`, url.origin);
}

function addList(
  url: URL,
  name: string,
  values: readonly string[],
  isKnown: (value: string) => boolean,
): void {
  const unknown = values.find((value) => !isKnown(value));
  if (unknown !== undefined) throw new UsageError(`unknown ${name} '${unknown}'`);
  if (values.length > 0) url.searchParams.set(name, values.join(","));
}

function parseCount(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--count '${text}' is not a whole number from 1`);
}
