import { eventStoreLocation } from "../../config/value-types.ts";
import type { ReplayReport } from "../../sinks/event-store/index.ts";
import { openEventReader } from "../../sinks/event-store/open-event-reader.ts";
import { parseFlags } from "../parse-flags.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { replayQuery } from "./replay-query.ts";
import { replayTargets } from "./replay-targets.ts";

const HELP = `Usage: rlm-obs events replay [--store <folder or URL>] [--to <target>] [filters]

Reads the events of a store, oldest first, and hands them on. Nothing is stored or changed by it, and each target starts
from nothing: the same events give the same result each time.

  --store <where>    a folder, or postgres://user@host/database; default the variable RLM_EVENTS_STORE.
                     A password belongs in the variable, or in PGPASSWORD: the command line is seen by everybody
                     on the machine. A folder can't be read while an application has it open.
  --to lines             each event as a line of JSON (default)
  --to session-metrics   what each session has used, one line of JSON for each
  --to event-metrics     agents, tools, approvals and errors, counted, as JSON

  --session <id>     events of this session
  --type <type>      events of this type; several with commas between, or repeated
  --since <time>     from this time on, such as 2026-01-31T12:00:00Z, or Unix milliseconds
  --until <time>     before this time
  --after <position> go on after an event: the last line of a replay says its position
  --limit <number>   so many at the most

How many were replayed is said on standard error.
`;

const TIMEOUT_MS = 30_000;

/** `rlm-obs events replay`. */
export async function replayCommand(
  args: readonly string[],
  { stdout, stderr }: Terminal,
): Promise<number> {
  const flags = readFlags(args);
  if (flags.help) {
    stdout.write(HELP);
    return 0;
  }
  const store = storeOf(flags.store);
  const query = replayQuery(flags);
  const target = targetFor(flags.to)(stdout);
  const reader = openEventReader({ store, timeoutMs: TIMEOUT_MS });
  try {
    const report = await reader.store.replay(query, (event) => target.handle(event));
    target.end();
    stderr.write(describe(report));
  } finally {
    await reader.close();
  }
  return 0;
}

function readFlags(args: readonly string[]) {
  const text = { type: "string" } as const;
  const { values } = parseFlags({
    args: [...args],
    options: {
      store: text,
      to: { type: "string", default: "lines" },
      session: text,
      type: { type: "string", multiple: true },
      since: text,
      until: text,
      after: text,
      limit: text,
      help: { type: "boolean", short: "h" },
    },
  });
  return values;
}

/** What is wrong with it is not shown: it may hold a password. */
function storeOf(flag: string | undefined): string {
  const store = flag ?? process.env["RLM_EVENTS_STORE"];
  if (!store) throw new UsageError("no store: give --store, or set RLM_EVENTS_STORE");
  const { check, expected } = eventStoreLocation();
  if ("refused" in check(store)) throw new UsageError(`the store is not ${expected}`);
  return store;
}

function targetFor(name: string) {
  const target = Object.hasOwn(replayTargets, name) ? replayTargets[name] : undefined;
  if (target) return target;
  const names = Object.keys(replayTargets).join(", ");
  throw new UsageError(`unknown target '${name}', it is one of ${names}`);
}

function describe({ replayed, skipped, lastPosition }: ReplayReport): string {
  const unknown = skipped === 0 ? "" : `, ${skipped} of another version skipped`;
  const next = lastPosition === undefined ? "" : `; --after ${lastPosition} goes on from here`;
  return `${replayed} events replayed${unknown}${next}\n`;
}
