import type { Sleep } from "../../../testing/sleep.ts";
import type { Terminal } from "../../terminal.ts";
import { followEvents } from "./follow-events.ts";
import { eventLine, gapLine, jsonLine } from "./lines.ts";
import type { TailFlags } from "./tail-flags.ts";

export interface TailSurroundings extends Terminal {
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
  readonly sleep: Sleep;
  readonly token: string | undefined;
}

/** Writes a line for each event that comes, until there were `count`, or `signal` aborts. */
export async function tailEvents(
  { url, json, count }: TailFlags,
  { stdout, stderr, ...source }: TailSurroundings,
): Promise<void> {
  const messages = followEvents({
    ...source,
    url,
    onLost: (reason, retryMs) =>
      stderr.write(`rlm-obs: connection lost (${reason}); again in ${retryMs / 1_000} s\n`),
  });
  let left = count;
  for await (const { event, data } of messages) {
    if (event === "gap") {
      stderr.write(gapLine(data));
      continue;
    }
    stdout.write(json ? jsonLine(data) : eventLine(data));
    left -= 1;
    if (left === 0) return;
  }
}
