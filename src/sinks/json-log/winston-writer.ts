import { once } from "node:events";
import type { Writable } from "node:stream";
import winston from "winston";

export interface LineWriter {
  write(level: "info" | "warn", line: string): void;
  /** Resolves when every line has been passed on. */
  close(): Promise<void>;
}

/** Lines that pass through a winston logger to `stream`. */
export function createWinstonWriter(stream: Writable): LineWriter {
  const transport = new winston.transports.Stream({ stream, eol: "\n" });
  const logger = winston.createLogger({
    level: "info",
    format: winston.format.printf(({ line }) => String(line)),
    transports: [transport],
    exitOnError: false,
  });
  return {
    write(level, line) {
      logger.log({ level, message: "", line });
    },
    async close() {
      const passedOn = once(transport, "finish");
      logger.end();
      await passedOn;
    },
  };
}
