import { readFile, stat } from "node:fs/promises";
import {
  createDigest,
  type Digest,
  NEEDS_KEY,
  verify,
  type VerifyReport,
} from "../../sinks/audit-log/reading.ts";
import { parseFlags } from "../parse-flags.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { describeReport } from "./describe-report.ts";
import { createProgressLine } from "./progress-line.ts";

const HELP = `Usage: rlm-obs audit verify <folder> [options]

Walks every file of an audit log and names, for each chain, the first line that was edited, removed, moved, inserted or
cut, as file:line. A path of one file checks that file alone, from its first line on.

  --key-file <path>      the key of the log (audit.key), if it has one; else RLM_AUDIT_KEY is taken. Can be given again
                         for a key that was changed: each chain must be made with one of them
  --allow-unkeyed        accepts chains made without a key too, from before there was one, and says which they are
  --expect-head <hash>   a hash that must be in the log, kept elsewhere since it was the last one; can be given again

Each record holds the hash of the one before, so one change shows. What hashes alone can't show:
  - records that are missing at the end. Keep the head (printed here, and in /healthz) where nobody who can write
    the log can change it, and give it back with --expect-head.
  - without a key: that somebody made all hashes anew after a change. --expect-head shows it up to that record.

Exit codes: 0 whole · 1 not as it was written · 2 could not be checked
`;

const HASH = /^[0-9a-f]{64}$/;

/** `rlm-obs audit verify`. */
export async function verifyCommand(
  args: readonly string[],
  { stdout, stderr }: Terminal,
): Promise<number> {
  const { values, positionals } = parseFlags({
    args: [...args],
    allowPositionals: true,
    options: {
      "key-file": { type: "string", multiple: true, default: [] },
      "allow-unkeyed": { type: "boolean", default: false },
      "expect-head": { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    stdout.write(HELP);
    return 0;
  }
  const path = await onePath(positionals);
  const expectedHeads = values["expect-head"].map((hash) => hash.toLowerCase());
  if (!expectedHeads.every((hash) => HASH.test(hash))) {
    throw new UsageError("--expect-head takes a hash of 64 hex digits");
  }
  const keys = await readKeys(values["key-file"]);
  const digests = digestsOf(keys, values["allow-unkeyed"]);
  const progress = createProgressLine(stderr);
  const report = await verify(path, { digests, expectedHeads, onProgress: progress.show });
  progress.clear();
  if (report.chains.length === 0) throw new UsageError(`no audit log in '${path}'`);
  stdout.write(describeReport(report, expectedHeads));
  return exitCode(report);
}

function exitCode({ chains, missingHeads }: VerifyReport): number {
  const problems = chains.flatMap(({ problem }) => (problem ? [problem.why] : []));
  if (problems.some((why) => why !== NEEDS_KEY)) return 1;
  if (problems.length > 0) return 2;
  return missingHeads.length > 0 ? 1 : 0;
}

/** @throws UsageError if it is not one, or not there */
export async function onePath(positionals: readonly string[]): Promise<string> {
  const [path, unexpected] = positionals;
  if (path === undefined) throw new UsageError("audit needs the folder of the log");
  if (unexpected !== undefined) throw new UsageError(`unexpected argument '${unexpected}'`);
  if ((await stat(path).catch(() => undefined)) === undefined) {
    throw new UsageError(`'${path}' can't be read`);
  }
  return path;
}

function digestsOf(keys: readonly string[], allowUnkeyed: boolean): [Digest, ...Digest[]] {
  const [first, ...others] = keys.map((key) => createDigest(key));
  if (first !== undefined) {
    return allowUnkeyed ? [first, ...others, createDigest(undefined)] : [first, ...others];
  }
  if (allowUnkeyed) throw new UsageError("--allow-unkeyed needs a key for the other chains");
  return [createDigest(undefined)];
}

async function readKeys(paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length > 0) return Promise.all(paths.map(readKey));
  const key = process.env["RLM_AUDIT_KEY"]?.trim();
  return key ? [key] : [];
}

async function readKey(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw new UsageError(`--key-file '${path}' can't be read`);
  const key = text.trim();
  if (key === "") throw new UsageError(`--key-file '${path}' holds no key`);
  return key;
}
