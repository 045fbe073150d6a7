import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

async function run(...args: string[]) {
  const output = { stdout: "", stderr: "" };
  const code = await runCommand(args, {
    stdout: { write: (text) => (output.stdout += text) },
    stderr: { write: (text) => (output.stderr += text) },
  });
  return { code, ...output };
}

test.each(["--help", "-h", "help"])("%s teaches the commands", async (flag) => {
  const { code, stdout, stderr } = await run(flag);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^Usage: rlm-obs <command>/);
  expect(stdout).toMatch(/^ {2}audit +\S/m);
  expect(stdout).toMatch(/^ {2}demo +\S/m);
  expect(stdout).toMatch(/^ {2}events +\S/m);
  expect(stdout).toMatch(/^ {2}generate +\S/m);
  expect(stdout).toMatch(/^ {2}options +\S/m);
});

test("no command at all is a usage error that shows the help", async () => {
  const { code, stdout } = await run();
  expect(code).toBe(2);
  expect(stdout).toContain("Usage:");
});

test("--version is that of the package", async () => {
  const manifest: unknown = JSON.parse(await readFile("package.json", "utf8"));
  const { code, stdout } = await run("--version");
  expect(code).toBe(0);
  expect(manifest).toMatchObject({ version: stdout.trim() });
});

test.each([
  [["dmeo"], "unknown command 'dmeo'"],
  [["--verbose"], "unknown option '--verbose'"],
  [["demo", "--prot", "1"], "Unknown option '--prot'"],
  [["demo", "--rate", "fast"], "--rate 'fast' is not a number from 0.01 to 200"],
  [["generate", "--chekc"], "Unknown option '--chekc'"],
  [["generate", "now"], "Unexpected argument 'now'"],
  [["events", "scheme"], "unknown subcommand 'scheme'"],
  [["events", "schema", "llm_request"], "unknown type 'llm_request'"],
  [["events", "schema", "agent_error", "agent_switched"], "one type at a time"],
  [["audit"], "audit needs to be told what to do, verify or show"],
  [["audit", "check"], "unknown audit command 'check'"],
  [["audit", "verify"], "audit needs the folder of the log"],
  [["audit", "verify", "/no/such/folder"], "'/no/such/folder' can't be read"],
  [["audit", "verify", "docs"], "no audit log in 'docs'"],
  [
    ["audit", "verify", "docs", "--expect-head", "abc"],
    "--expect-head takes a hash of 64 hex digits",
  ],
  [
    ["audit", "verify", "docs", "--key-file", "/no/such/file"],
    "--key-file '/no/such/file' can't be read",
  ],
  [["audit", "show", "docs", "--since", "soon"], "--since 'soon' is no time"],
  [["audit", "show", "docs", "--limit", "0"], "--limit '0' is not a whole number of at least 1"],
  [
    ["events", "tail", "--url", "localhost"],
    "--url 'localhost' is not an http:// or https:// address",
  ],
  [["events", "tail", "--url", "http://me:pw@localhost"], "--url has a name or password in it"],
  [["events", "tail", "--type", "agent"], "unknown type 'agent'"],
  [["events", "tail", "--category", "agents"], "unknown category 'agents'"],
  [["events", "tail", "--count", "0"], "--count '0' is not a whole number from 1"],
  [["audit", "show", "docs", "--session", "a", "--session=b"], "--session can be given once only"],
  [["demo", "--port", "1", "--rate", "1", "--port", "1"], "--port can be given once only"],
  [["events", "replay", "--limit", "1", "--limit", "2"], "--limit can be given once only"],
  [["events", "tail", "--count", "1", "--count", "2"], "--count can be given once only"],
])("%j is one clear line and exit code 2", async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^rlm-obs: [^\n]+\n$/);
  expect(stderr).toContain(message);
});

test.each([
  ["audit"],
  ["audit show"],
  ["audit verify"],
  ["demo"],
  ["events"],
  ["events schema"],
  ["events tail"],
  ["generate"],
  ["options"],
])("%s --help explains the command", async (command) => {
  const { code, stdout } = await run(...command.split(" "), "--help");
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: rlm-obs ${command}`);
});

test.each([
  [[], "event"],
  [["hitl_timeout"], "hitl_timeout"],
])("events schema %j prints the file that ships", async (args, name) => {
  const { code, stdout } = await run("events", "schema", ...args);
  expect(code).toBe(0);
  expect(stdout).toBe(await readFile(`schemas/events/v1/${name}.json`, "utf8"));
});

test("options lists every variable that configures the package", async () => {
  const { code, stdout, stderr } = await run("options");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^ {2}OTEL_EXPORTER_OTLP_ENDPOINT\n {6}\S.+/m);
  expect(stdout).toMatch(/^ {2}RLM_LOG\n {6}\S.+/m);
});
