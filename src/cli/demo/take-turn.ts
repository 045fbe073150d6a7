import type { Sleep } from "../../testing/index.ts";
import type { Turn } from "./visitor.ts";

/** How a request to the chat service went, as its visitor saw it. */
export type TurnResult = "answered" | "refused" | "broken" | "left";

export interface TakeTurnOptions {
  /** Of the chat service, without a slash at the end. */
  readonly serviceUrl: string;
  /** Stops the turn when the demo can't wait any longer. */
  readonly signal: AbortSignal;
  readonly sleep: Sleep;
}

/** Says something to the chat service over HTTP, and reads the answer for as long as patience lasts. */
export async function takeTurn(
  { leaveAfterMs, ...body }: Turn,
  { serviceUrl, signal, sleep }: TakeTurnOptions,
): Promise<TurnResult> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  // not `AbortSignal.any`, which in Node.js 20 grows a long-lived signal with every use
  signal.addEventListener("abort", leave);
  try {
    const response = await fetch(`${serviceUrl}/chat`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: leaving.signal,
    });
    if (leaveAfterMs !== undefined) void sleep(leaveAfterMs).then(leave);
    await response.text();
    return response.ok ? "answered" : "refused";
  } catch {
    return leaving.signal.aborted ? "left" : "broken";
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** Ends the session, as a visitor does who says good-bye. */
export async function sayGoodbye(
  session: string,
  { serviceUrl, signal }: TakeTurnOptions,
): Promise<void> {
  const url = `${serviceUrl}/sessions/${encodeURIComponent(session)}`;
  // a service that is gone has ended the session itself
  await fetch(url, { method: "DELETE", signal }).catch(() => {});
}
