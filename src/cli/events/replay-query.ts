import { type EventType, isEventType } from "../../events/index.ts";
import type { EventQuery } from "../../sinks/event-store/index.ts";
import { parseTime } from "../parse-time.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `rlm-obs events replay` that narrow it, as they were typed. */
export interface ReplayFlags {
  readonly session?: string | undefined;
  readonly type?: readonly string[] | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: string | undefined;
}

/** @throws UsageError that names the flag */
export function replayQuery({
  session,
  type,
  since,
  until,
  after,
  limit,
}: ReplayFlags): EventQuery {
  return {
    ...(session !== undefined && { sessionId: session }),
    ...(type !== undefined && { types: type.flatMap((list) => list.split(",").map(eventType)) }),
    ...(since !== undefined && { since: parseTime("--since", since) }),
    ...(until !== undefined && { until: parseTime("--until", until) }),
    ...(after !== undefined && { after: wholeNumber("--after", after) }),
    ...(limit !== undefined && { limit: wholeNumber("--limit", limit) }),
  };
}

function eventType(name: string): EventType {
  if (isEventType(name)) return name;
  throw new UsageError(`unknown type '${name}'`);
}

function wholeNumber(flag: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new UsageError(`${flag} '${text}' is no whole number`);
}
