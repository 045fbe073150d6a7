import type { Writable } from "node:stream";
import { type Diagnostics, loadLater } from "../../diagnostics/index.ts";
import type { LineWriter } from "./winston-writer.ts";

/**
 * Loads winston for the first line, which doesn't wait for it: until winston is there, lines go straight to the stream
 * that it writes to. So none is lost when the process ends right away, and they are in order.
 */
export function createLineWriter(stream: Writable, diagnostics: Diagnostics): LineWriter {
  const direct: LineWriter = {
    write(_level, line) {
      stream.write(`${line}\n`);
    },
    async close() {},
  };
  let writer = direct;
  let asked = false;

  const winston = loadLater(
    "log",
    async () => {
      const { createWinstonWriter } = await import("./winston-writer.ts");
      writer = createWinstonWriter(stream);
    },
    diagnostics,
  );

  return {
    write(level, line) {
      writer.write(level, line);
      if (asked) return;
      asked = true;
      // reported where it fails; lines are written all the same
      void winston().catch(() => {});
    },
    close: () => writer.close(),
  };
}
