import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

type Run = (args: readonly string[], terminal: Terminal) => Promise<number>;

interface Subcommand {
  readonly summary: string;
  /** Loads it when it is called. */
  readonly load: () => Promise<Run>;
}

const subcommands = new Map<string, Subcommand>([
  [
    "replay",
    {
      summary: "Go through the events of a store again: print them, or what they add up to.",
      load: async () => (await import("./replay-command.ts")).replayCommand,
    },
  ],
  [
    "schema",
    {
      summary: "Print the JSON Schema of a type of event, or of all.",
      load: async () => (await import("./schema-command.ts")).schemaCommand,
    },
  ],
  [
    "tail",
    {
      summary: "Show the events of a running application as they come.",
      load: async () => (await import("./tail/tail-command.ts")).tailCommand,
    },
  ],
]);

/** `rlm-obs events <subcommand>`. */
export async function eventsCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h") {
    terminal.stdout.write(helpText());
    return name === undefined ? 2 : 0;
  }
  const subcommand = subcommands.get(name);
  if (subcommand === undefined) {
    const kind = name.startsWith("-") ? "option" : "subcommand";
    throw new UsageError(`unknown ${kind} '${name}'`);
  }
  const run = await subcommand.load();
  return run(rest, terminal);
}

function helpText(): string {
  const rows = [...subcommands].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return `Usage: rlm-obs events <subcommand> [options]

Subcommands:
${rows.join("\n")}

  rlm-obs events <subcommand> --help   what a subcommand can do
`;
}
