import { renderOptionsHelp } from "../config/render-options-help.ts";
import { parseFlags } from "./parse-flags.ts";
import type { Terminal } from "./terminal.ts";

const HELP = `Usage: rlm-obs options

Lists every environment variable that configures this package, with what it does and its default. The same options can
be given in code, to createObservability(), which beats the environment.
`;

/** `rlm-obs options`. */
export async function optionsCommand(
  args: readonly string[],
  { stdout }: Terminal,
): Promise<number> {
  const { values } = parseFlags({
    args: [...args],
    options: { help: { type: "boolean", short: "h" } },
  });
  stdout.write(values.help ? HELP : renderOptionsHelp());
  return 0;
}
