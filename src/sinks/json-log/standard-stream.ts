import { Writable } from "node:stream";
import type { WriteReport } from "./write-report.ts";

/**
 * Lines for standard output or error. When whoever reads there has gone, lines are lost and reported: without this
 * the stream's `error` event would end the program.
 */
export function standardStream(target: Writable, report: WriteReport): Writable {
  return new Writable({
    write(line: Buffer, _encoding, done) {
      target.write(line, (error) => {
        if (!error) return report.written(1);
        // the event follows; one that the program listens for is its own business
        if (target.listenerCount("error") === 0) target.once("error", () => {});
        report.failed(1, error);
      });
      // not in the callback: what a test runner puts in place of `write` may never call it
      done();
    },
  });
}
