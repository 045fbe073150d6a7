import { parseFlags } from "../parse-flags.ts";
import { UsageError } from "../usage-error.ts";
import { parseDuration } from "./duration.ts";

/** What was asked for on the command line. */
export interface DemoFlags {
  /** Default: until Ctrl-C. */
  readonly durationMs?: number;
  /** Chat requests a second; the default depends on the provider. */
  readonly ratePerSecond?: number;
  /** Of the metrics server; default as configured. */
  readonly port?: number;
  readonly host?: string;
  readonly seed: number;
  /** No live summary: the addresses and the report only. */
  readonly quiet: boolean;
}

export const demoHelp = `Usage: rlm-obs demo [options]

Starts a chat service that is observed by this package, a provider for it, and visitors that chat:
plain and streamed, in sessions, with rate limits, server errors, time-outs, visitors that leave and
connections that break. Shows what the package measured, live, and serves it on /metrics.

Without a key the provider is simulated: nothing leaves this machine, nothing costs money.
With OPENAI_API_KEY set it is the real one, with one short request every five seconds.

Options:
  --duration 30s   end after this time, with a report; default: until Ctrl-C
  --rate 5         chat requests a second, 0.01 to 200; default 5, or 0.2 with a real provider
  --port 9464      port of /metrics and /healthz; 0 takes any free one
  --host 127.0.0.1 address they listen on; 0.0.0.0 lets Prometheus in a container in
  --seed 1         the same seed draws the same behaviour of provider and visitors
  --quiet          no live summary, only the addresses and the report
  -h, --help       this text

Environment:
  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL   talk to a real, or a compatible, provider
  OTEL_EXPORTER_OTLP_ENDPOINT                     send spans, e.g. http://localhost:4318
  LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY, LANGFUSE_BASE_URL   send traces to Langfuse
  RLM_LOG                                         stdout, stderr or a file: one JSON line a call; default off
All others: rlm-obs options

Examples:
  rlm-obs demo                                    watch it, stop it with Ctrl-C
  rlm-obs demo --duration 30s --port 0            a run for a script: ends by itself, exit code 0
  curl -s http://127.0.0.1:9464/metrics | grep ^rlm_   what Prometheus would see
`;

/** Reads the flags. Returns `help` when that is what was asked for. */
export function parseDemoFlags(args: readonly string[]): DemoFlags | "help" {
  const { values } = parseFlags({
    args: [...args],
    options: {
      duration: { type: "string" },
      rate: { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      seed: { type: "string", default: "1" },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const { duration, rate, port, host, seed, quiet } = values;
  return {
    ...(duration !== undefined && { durationMs: parseDuration(duration) }),
    ...(rate !== undefined && { ratePerSecond: parseNumber("--rate", rate, 0.01, 200) }),
    ...(port !== undefined && { port: parseWholeNumber("--port", port, 65_535) }),
    ...(host !== undefined && { host }),
    seed: parseWholeNumber("--seed", seed, 2 ** 32 - 1),
    quiet,
  };
}

function parseWholeNumber(flag: string, text: string, max: number): number {
  if (!/^\d+$/.test(text)) throw outOfRange(flag, text, `a whole number from 0 to ${max}`);
  return parseNumber(flag, text, 0, max);
}

function parseNumber(flag: string, text: string, min: number, max: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= min && value <= max) return value;
  throw outOfRange(flag, text, `a number from ${min} to ${max}`);
}

function outOfRange(flag: string, text: string, expected: string): UsageError {
  return new UsageError(`${flag} '${text}' is not ${expected}`);
}
