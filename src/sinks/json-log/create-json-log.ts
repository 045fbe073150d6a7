import { once } from "node:events";
import winston from "winston";
import type { Diagnostics } from "../../diagnostics/index.ts";
import type { Event, Sink, SinkHealth } from "../../events/index.ts";
import { logLine } from "./log-line.ts";

export interface JsonLogOptions {
  /** `stdout`, `stderr` or the path of a file. */
  readonly destination: string;
  /** A file is rotated at this size. Bytes. */
  readonly maxSizeBytes: number;
  readonly maxFiles: number;
  readonly diagnostics: Diagnostics;
}

const DESTINATION = "log";

/** One JSON line for each finished operation, by winston. A line that can't be written is counted. */
export function createJsonLog(options: JsonLogOptions): Sink {
  const { diagnostics } = options;
  let health: SinkHealth = { state: "unknown" };

  function failed(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : "write error";
    const lastError = `could not write to ${options.destination} (${code}); check RLM_LOG`;
    health = { state: "failing", lastError };
    diagnostics.dropped(DESTINATION, "write_failed", 1);
    diagnostics.warnOnce(DESTINATION, "write", lastError);
  }

  const transport = createTransport(options, failed);
  if (transport === undefined) {
    return { name: DESTINATION, types: [], handle: () => {}, health: () => health };
  }
  const logger = winston.createLogger({
    level: "info",
    format: winston.format.printf(({ line }) => String(line)),
    transports: [transport],
    exitOnError: false,
  });
  transport.on("error", failed);
  logger.on("error", failed);

  return {
    name: DESTINATION,
    types: ["llm_request_completed", "llm_request_failed"],
    health: () => health,
    handle(event: Event) {
      if (event.type !== "llm_request_completed" && event.type !== "llm_request_failed") return;
      const level = event.type === "llm_request_completed" ? "info" : "warn";
      if (health.state === "unknown") health = { state: "ok" };
      logger.log({ level, message: "", line: JSON.stringify({ level, ...logLine(event) }) });
    },
    async shutdown() {
      if (logger.writableEnded) return;
      const finished = once(transport, "finish");
      logger.end();
      await finished;
    },
  };
}

/** `undefined` if the file's folder can't be made; that is reported like a failed write. */
function createTransport(
  { destination, maxSizeBytes, maxFiles }: JsonLogOptions,
  failed: (error: unknown) => void,
) {
  if (destination === "stdout" || destination === "stderr") {
    return new winston.transports.Stream({ stream: process[destination], eol: "\n" });
  }
  try {
    return new winston.transports.File({
      filename: destination,
      maxsize: maxSizeBytes,
      maxFiles,
      tailable: true,
      eol: "\n",
    });
  } catch (error) {
    failed(error);
    return undefined;
  }
}
