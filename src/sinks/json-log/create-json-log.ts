import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Diagnostics } from "../../diagnostics/index.ts";
import type { Event, Sink, SinkHealth } from "../../events/index.ts";
import { createLineWriter } from "./line-writer.ts";
import { logLine } from "./log-line.ts";
import { RotatingFile } from "./rotating-file.ts";
import { standardStream } from "./standard-stream.ts";
import type { WriteReport } from "./write-report.ts";

export interface JsonLogOptions {
  /** `stdout`, `stderr` or the path of a file. */
  readonly destination: string;
  /** A file is rotated at this size. Bytes. */
  readonly maxSizeBytes: number;
  readonly maxFiles: number;
  readonly diagnostics: Diagnostics;
  /** Told of lines that are written. */
  readonly onWritten?: (lines: number) => void;
}

/** The events that have a line. */
export const LOGGED_TYPES = ["llm_request_completed", "llm_request_failed"] as const;

const DESTINATION = "log";

/** What may wait for a disk that is slow. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** One JSON line for each finished operation, by winston. A line that can't be written is counted. */
export function createJsonLog(options: JsonLogOptions): Sink {
  const { destination, diagnostics, onWritten } = options;
  let health: SinkHealth = { state: "unknown" };
  let closing: Promise<void> | undefined;

  const stream = createStream(options, {
    written(count) {
      onWritten?.(count);
      if (health.state !== "ok") health = { state: "ok" };
    },
    failed(lines, error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "write error";
      const lastError = `could not write to ${destination} (${code}); check RLM_LOG`;
      health = { state: "failing", lastError };
      diagnostics.dropped(DESTINATION, "write_failed", lines);
      diagnostics.warnOnce(DESTINATION, "write", lastError);
    },
  });
  const lines = createLineWriter(stream, diagnostics);

  async function close(): Promise<void> {
    await lines.close();
    stream.end();
    await finished(stream);
  }

  return {
    name: DESTINATION,
    types: LOGGED_TYPES,
    health: () => health,
    handle(event: Event) {
      if (event.type !== "llm_request_completed" && event.type !== "llm_request_failed") return;
      if (closing) return diagnostics.dropped(DESTINATION, "closed", 1);
      if (stream.writableLength > MAX_WAITING_BYTES) {
        return diagnostics.dropped(DESTINATION, "queue_full", 1);
      }
      const level = event.type === "llm_request_completed" ? "info" : "warn";
      lines.write(level, JSON.stringify({ level, ...logLine(event) }));
    },
    async forceFlush() {
      // the last ones may be in winston still
      await new Promise((resolve) => setImmediate(resolve));
      if (stream instanceof RotatingFile) await stream.flush();
    },
    shutdown: () => (closing ??= close()),
  };
}

function createStream(
  { destination, maxSizeBytes, maxFiles }: JsonLogOptions,
  report: WriteReport,
): Writable {
  if (destination === "stdout" || destination === "stderr") {
    return standardStream(process[destination], report);
  }
  return new RotatingFile({ path: destination, maxSizeBytes, maxFiles, report });
}
