import { open } from "node:fs/promises";
import { categoryOf, type EventType, isEventType } from "../../events/index.ts";
import {
  type AuditQuery,
  beginsAsLog,
  type Chain,
  chainsAt,
  MAX_START_BYTES,
  queryChains,
  selectionOf,
} from "../../sinks/audit-log/reading.ts";
import { parseFlags } from "../parse-flags.ts";
import { parseTime } from "../parse-time.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { fileFailure } from "./file-failure.ts";
import { onePath } from "./verify-command.ts";

const HELP = `Usage: rlm-obs audit show <folder> [options]

Prints the records of an audit log, or of one file of it, as JSON lines, newest first. It doesn't check them:
\`rlm-obs audit verify\` does.

  --session <id>    of this session
  --type <type>     of this event type, such as llm_request_failed
  --since <time>    of this time or later, such as 2026-11-20, 2026-11-20T08:00:00Z or Unix milliseconds
  --until <time>    before this time
  --limit <count>   so many at the most; default 100

Exit codes: 0 shown · 2 something could not be read; the rest is shown
`;

const DEFAULT_LIMIT = 100;
const PAGE = 1_000;

/** `rlm-obs audit show`. */
export async function showCommand(
  args: readonly string[],
  { stdout, stderr }: Terminal,
): Promise<number> {
  const { values, positionals } = parseFlags({
    args: [...args],
    allowPositionals: true,
    options: {
      session: { type: "string" },
      type: { type: "string" },
      since: { type: "string" },
      until: { type: "string" },
      limit: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    stdout.write(HELP);
    return 0;
  }
  const path = await onePath(positionals);
  const query: AuditQuery = {
    sessionId: values.session,
    eventType: parseType(values.type),
    since: values.since === undefined ? undefined : parseTime("--since", values.since),
    until: values.until === undefined ? undefined : parseTime("--until", values.until),
  };
  const limit = parseLimit(values.limit);
  const { chains, failures } = await readable(await chainsAt(path));
  if (chains.length === 0 && failures.length === 0)
    throw new UsageError(`no audit log in '${path}'`);
  for (const failure of failures) stderr.write(`rlm-obs: ${failure}\n`);
  await printPages(chains, query, limit, stdout);
  return failures.length > 0 ? 2 : 0;
}

/** What can't be read is left out, and told. */
async function readable(given: readonly Chain[]) {
  const failures: string[] = [];
  const chains: Chain[] = [];
  for (const { name, segments } of given) {
    const readables: Chain["segments"][number][] = [];
    for (const segment of segments) {
      const failure = await failureOf(segment.path);
      if (failure !== undefined) failures.push(failure.message);
      if (failure?.unreadable !== true) readables.push(segment);
    }
    if (readables.length > 0) chains.push({ name, segments: readables });
  }
  return { chains, failures };
}

interface Failure {
  readonly message: string;
  /** Otherwise records may follow what is none. */
  readonly unreadable: boolean;
}

async function failureOf(path: string): Promise<Failure | undefined> {
  try {
    const beginning = await beginningOf(path);
    if (beginning.length === 0 || beginsAsLog(beginning)) return undefined;
    return { message: `'${path}' does not begin with a record of an audit log`, unreadable: false };
  } catch (error) {
    // retention may have taken it away just now
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    return { message: fileFailure(error, path) ?? `'${path}' can't be read`, unreadable: true };
  }
}

async function beginningOf(path: string): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_START_BYTES), 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function printPages(
  chains: readonly Chain[],
  query: AuditQuery,
  limit: number,
  stdout: Terminal["stdout"],
): Promise<void> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const page = await queryChains(
      chains,
      selectionOf({ ...query, cursor, limit: Math.min(left, PAGE) }),
    );
    for (const record of page.records) stdout.write(`${JSON.stringify(record)}\n`);
    left -= page.records.length;
    cursor = page.nextCursor;
  } while (cursor !== undefined && left > 0);
}

function parseType(text: string | undefined): EventType | undefined {
  if (text === undefined || isEventType(text)) return text;
  throw new UsageError(
    `--type '${text}' is no event type, they are ${Object.keys(categoryOf).join(", ")}`,
  );
}

function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new UsageError(`--limit '${text}' is not a whole number of at least 1`);
}
