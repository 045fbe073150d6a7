import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type OtlpSink, startOtlpSink } from "../support/otlp-sink.ts";
import { poll } from "../support/poll.ts";
import { runNode, type RunOptions } from "../support/run-process.ts";
import { type DemoEnd, type DemoProcess, startDemo } from "./demo-process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MAIN = join(ROOT, "dist/cli/main.js");

const rlmObs = (parameters: string, options?: RunOptions) =>
  runNode([MAIN, ...parameters.split(" ")], { cwd: ROOT, ...options });

describe("rlm-obs", () => {
  test("--help teaches every command", async () => {
    const { code, stdout, stderr } = await rlmObs("--help");
    expect([code, stderr]).toEqual([0, ""]);
    for (const command of ["demo", "generate", "options"]) expect(stdout).toContain(`  ${command}`);
  });

  test.runIf(existsSync("/dev/full"))(
    "output without room is one line and exit code 2",
    async () => {
      const output = await open("/dev/full", "w");
      const stdio = ["ignore", output.fd, "pipe"] as const;
      const child = spawn(process.execPath, [MAIN, "--help"], { stdio: [...stdio] });
      const [stderr, code] = await Promise.all([
        text(child.stderr ?? Readable.from([])),
        once(child, "close"),
      ]);
      await output.close();
      expect([code[0], stderr]).toEqual([2, "rlm-obs: the output could not be written (ENOSPC)\n"]);
    },
  );

  test("--version is that of the package", async () => {
    const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
      version: string;
    };
    const { code, stdout, stderr } = await rlmObs("--version");
    expect([code, stdout, stderr]).toEqual([0, `${manifest.version}\n`, ""]);
  });

  test.each(["dmeo", "--verbose", "demo --prot 1", "demo --duration 2", "options now"])(
    "%s is one line and exit code 2",
    async (parameters) => {
      const { code, stdout, stderr } = await rlmObs(parameters);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^rlm-obs: [^\n]+; see `rlm-obs [\w ]*--help`\n$/);
    },
  );

  test("generate --check finds nothing to do in this repository, and everything elsewhere", async () => {
    const here = await rlmObs("generate --check");
    expect(here).toEqual({ code: 0, stdout: expect.stringContaining("up to date"), stderr: "" });

    const empty = await mkdtemp(join(tmpdir(), "rlm-generate-"));
    try {
      const { code, stdout } = await rlmObs("generate --check", { cwd: empty });
      expect(code).toBe(1);
      expect(stdout).toContain("\n  grafana/dashboards/llm-overview.json\n");
    } finally {
      await rm(empty, { recursive: true });
    }
  });
});

describe("rlm-obs demo", () => {
  test("ends by itself with a report, and says nothing else", async () => {
    const { code, stdout, stderr } = await rlmObs("demo --duration 2s --port 0");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^RLM-Toolkit Observability: demo\n/);
    expect(stdout).toMatch(/\nDemo ended after 00:\d\d\.\n/);
    expect(stdout).toMatch(/lost +nothing\n$/);
    // drawing in place is for terminals, and log lines are for those who ask
    expect(stdout).not.toContain("\u001b");
    expect(stdout).not.toContain('{"level"');
  });

  test("logs a line for each call when RLM_LOG is set", async () => {
    const end = await rlmObs("demo --duration 1s --port 0 --rate 20", {
      environment: { RLM_LOG: "stderr" },
    });
    const lines = end.stderr.trim().split("\n");
    expect(lines.length).toBe(finishedCalls({ ...end, output: end.stdout }));
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ span_id: expect.any(String) });
  });

  /** However it ends, within this: calls under way may take 8 s, the last events 1 s, flushing 5 s. */
  const DEADLINE_MS = 16_000;

  test.each(["SIGTERM", "SIGINT", "its own end"] as const)(
    "%s loses no finished call",
    async (ending) => {
      await using sink = await startOtlpSink();
      const demo = await startDemo(
        ["--rate", "25", "--quiet", ...(ending === "its own end" ? ["--duration", "3s"] : [])],
        { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
      );
      await untilCallsEnded(demo);

      const started = performance.now();
      const end = await demo.end(ending === "its own end" ? undefined : ending);
      expect(performance.now() - started).toBeLessThan(DEADLINE_MS);

      expect(end.code, end.output).toBe(0);
      expect(end.output).toMatch(/lost +nothing\n$/);
      expect(callSpans(sink)).toBe(finishedCalls(end));
      expect(distinctSpans(sink)).toBe(sink.spans.length);
    },
  );

  test("what can't be sent is said, to the last call", async () => {
    await using sink = await startOtlpSink();
    sink.mode = "hang";
    const demo = await startDemo(["--rate", "25", "--quiet"], {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    });
    await untilCallsEnded(demo);

    const started = performance.now();
    const end = await demo.end("SIGTERM");
    expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
    expect(end.code, end.output).toBe(0);
    const lost = [...end.output.matchAll(/otlp:\w+ (\d+)/g)].map(([, times]) => Number(times));
    // spans of agents and tools are lost with those of the calls
    expect(
      lost.reduce((sum, times) => sum + times, 0),
      end.output,
    ).toBeGreaterThanOrEqual(finishedCalls(end));
  });
});

/** Waits for the first calls, so that some have ended and others are under way. */
async function untilCallsEnded({ metricsUrl }: DemoProcess): Promise<void> {
  await poll("20 calls", async () => (await countedCalls(metricsUrl)) >= 20, 20_000);
}

async function countedCalls(metricsUrl: string): Promise<number> {
  const page = await (await fetch(metricsUrl)).text();
  const values = [...page.matchAll(/^rlm_requests_total\{.+\} (\d+)$/gm)];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Calls that have ended in all, by the report. */
function finishedCalls({ output }: Pick<DemoEnd, "output">): number {
  const [, finished] = /requests +([\d,]+) finished, 0 under way/.exec(output) ?? [];
  return Number(finished?.replaceAll(",", ""));
}

function callSpans({ spans }: OtlpSink): number {
  return spans.filter(({ attributes }) => attributes["gen_ai.operation.name"] === "chat").length;
}

function distinctSpans({ spans }: OtlpSink): number {
  return new Set(spans.map(({ spanId }) => spanId)).size;
}
