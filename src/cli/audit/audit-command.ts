import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { fileFailure } from "./file-failure.ts";
import { showCommand } from "./show-command.ts";
import { verifyCommand } from "./verify-command.ts";

const HELP = `Usage: rlm-obs audit <verify|show> <folder> [options]

An audit log is what createObservability() writes when the option audit.path (RLM_AUDIT_PATH) is set.

  verify   walks every file and names the first line that was edited, removed, moved, inserted or cut
  show     prints records as JSON lines, newest first

  rlm-obs audit verify --help   its options, exit codes, and what it can't find
  rlm-obs audit show --help     its filters
`;

/** `rlm-obs audit`. What the file system refuses is no verdict on the log: exit code 2. */
export async function auditCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    const failure = fileFailure(error);
    if (failure === undefined) throw error;
    terminal.stderr.write(`rlm-obs: ${failure}\n`);
    return 2;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  switch (name) {
    case "verify":
      return verifyCommand(rest, terminal);
    case "show":
      return showCommand(rest, terminal);
    case "--help":
    case "-h":
      terminal.stdout.write(HELP);
      return 0;
    case undefined:
      throw new UsageError("audit needs to be told what to do, verify or show");
    default:
      throw new UsageError(`unknown audit command '${name}'`);
  }
}
