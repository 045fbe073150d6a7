import { parseArgs } from "node:util";
import type { EventType } from "../../events/index.ts";
import { type AuditQuery, queryFolder, selectionOf } from "../../sinks/audit-log/reading.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { onePath } from "./verify-command.ts";

const HELP = `Usage: rlm-obs audit show <folder> [options]

Prints the records of an audit log as JSON lines, newest first. It doesn't check them: \`rlm-obs audit verify\` does.

  --session <id>    of this session
  --type <type>     of this event type, such as llm_request_failed
  --since <time>    of this time or later, such as 2026-11-20 or 2026-11-20T08:00:00Z
  --until <time>    before this time
  --limit <count>   so many at the most; default 100
`;

const DEFAULT_LIMIT = 100;
const PAGE = 1_000;

/** `rlm-obs audit show`. */
export async function showCommand(args: readonly string[], { stdout }: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
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
    // checked with the others
    eventType: values.type as EventType | undefined,
    since: parseTime("--since", values.since),
    until: parseTime("--until", values.until),
  };
  await printPages(path, query, parseLimit(values.limit), stdout);
  return 0;
}

async function printPages(
  path: string,
  query: AuditQuery,
  limit: number,
  stdout: Terminal["stdout"],
): Promise<void> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const page = await queryFolder(
      path,
      selectionOf({ ...query, cursor, limit: Math.min(left, PAGE) }),
    );
    for (const record of page.records) stdout.write(`${JSON.stringify(record)}\n`);
    left -= page.records.length;
    cursor = page.nextCursor;
  } while (cursor !== undefined && left > 0);
}

function parseTime(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UsageError(`${flag} '${text}' is not a time`);
  return time;
}

function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new UsageError(`--limit '${text}' is not a whole number of at least 1`);
}
