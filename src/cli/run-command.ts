import { isObservabilityError } from "../errors/index.ts";
import { packageVersion } from "../runtime/package-version.ts";
import type { Terminal } from "./terminal.ts";
import { isUsageError, UsageError } from "./usage-error.ts";

type Run = (args: readonly string[], terminal: Terminal) => Promise<number>;

interface Command {
  readonly summary: string;
  /** Loads the command when it is called, so that `--help` need not wait for all of them. */
  readonly load: () => Promise<Run>;
}

const commands = new Map<string, Command>([
  [
    "audit",
    {
      summary: "Prove that nobody changed an audit log, or show what is in it.",
      load: async () => (await import("./audit/audit-command.ts")).auditCommand,
    },
  ],
  [
    "demo",
    {
      summary: "See it work: simulated provider, chat service, traffic, live summary.",
      load: async () => (await import("./demo/demo.ts")).demo,
    },
  ],
  [
    "events",
    {
      summary: "Events outside of the application: see them come, their schemas.",
      load: async () => (await import("./events/events-command.ts")).eventsCommand,
    },
  ],
  [
    "generate",
    {
      summary: "Write the dashboards, rules and reference pages; --check only compares.",
      load: async () => (await import("./generate-command.ts")).generateCommand,
    },
  ],
  [
    "options",
    {
      summary: "List the environment variables that configure this package.",
      load: async () => (await import("./options-command.ts")).optionsCommand,
    },
  ],
]);

/** Runs `rlm-obs` with what follows it on the command line. Resolves with the exit code. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    if (isObservabilityError(error)) {
      terminal.stderr.write(`rlm-obs: ${error.message}\n`);
      return 1;
    }
    if (!isUsageError(error)) throw error;
    // the first line says what is wrong, the rest of parseArgs' text is advice for programmers
    const [line] = error.message.split(/\n|\. To specify/, 1);
    const [name = ""] = args;
    const help = commands.has(name) ? `rlm-obs ${name} --help` : "rlm-obs --help";
    terminal.stderr.write(`rlm-obs: ${line}; see \`${help}\`\n`);
    return 2;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    terminal.stdout.write(helpText());
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-v") {
    terminal.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const command = commands.get(name);
  if (!command) {
    const kind = name.startsWith("-") ? "option" : "command";
    throw new UsageError(`unknown ${kind} '${name}'`);
  }
  const run = await command.load();
  return run(rest, terminal);
}

function helpText(): string {
  const rows = [...commands].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return `Usage: rlm-obs <command> [options]

Commands:
${rows.join("\n")}

  rlm-obs <command> --help   what a command can do
  rlm-obs --version          the version of this package
`;
}
