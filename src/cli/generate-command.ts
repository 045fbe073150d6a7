import { generate } from "./generate.ts";
import { parseFlags } from "./parse-flags.ts";
import type { Terminal } from "./terminal.ts";

const HELP = `Usage: rlm-obs generate [--check]

Writes the Grafana dashboards, the Prometheus rules and the reference pages into the current folder.

  --check   writes nothing; lists the files that would change, and exits with 1 if there are any
`;

/** `rlm-obs generate`. Exit code 1: `--check` found files that would change. */
export async function generateCommand(
  args: readonly string[],
  { stdout }: Terminal,
): Promise<number> {
  const { values } = parseFlags({
    args: [...args],
    options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    stdout.write(HELP);
    return 0;
  }
  const check = values.check ?? false;
  const { changed } = await generate({ check, root: process.cwd() });
  stdout.write(describe(changed, check));
  return check && changed.length > 0 ? 1 : 0;
}

function describe(changed: readonly string[], check: boolean): string {
  if (changed.length === 0) return "Everything generated is up to date.\n";
  const title = check ? "Not up to date; run `rlm-obs generate`:" : "Written:";
  return `${[title, ...changed.map((path) => `  ${path}`)].join("\n")}\n`;
}
